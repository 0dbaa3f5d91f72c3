import type { Random } from '../random.ts';

/** How a cluster's API servers answer an anonymous `GET /version`. */
export type VersionAccess = 'version' | 'unauthorized' | 'forbidden';

/** One control plane of the lab. Plain data: a week's population is a list of these. */
export interface Cluster {
  id: string;
  /** What its identifiers and certificates are drawn from: the id, or the template of which it is a clone. */
  identity: string;
  /** Name of the distribution or mutation that made it. */
  kind: string;
  gitVersion: string;
  access: VersionAccess;
  /** When its certificate authority was made, ms since the epoch. */
  createdAt: number;
  /** When its serving certificates were issued, ms since the epoch. */
  issuedAt: number;
  /** 40 hex digits: subject key id of its authority. */
  authorityKeyId: string;
  /** A name that the provider or the distribution derives per cluster. */
  uid: string;
  flowSchemaUid: string;
  priorityLevelUid: string;
  /** Index of its first serving key. */
  keyIndex: number;
  /** Names that a certificate has learned from clients are kept by the lab, not here. */
  nodes: readonly ClusterNode[];
  /** A clone of an image with its authority in it, one server on many addresses, or a stranger with a copied certificate. */
  copy?: 'template' | 'mirror' | 'replay';
  /** Id of the cluster whose certificate and answers a stranger replays. */
  replays?: string;
}

/** One address at which a cluster answers. */
export interface ClusterNode {
  slot: number;
  port: number;
  hostname: string;
  /** Slot whose address stands in the certificate, where that is another host's. */
  certificateSlot?: number;
}

export function toMinor(gitVersion: string): number {
  const match = /^v1\.(\d+)\./.exec(gitVersion);
  if (match?.[1] === undefined) throw new RangeError(`${gitVersion} is no version that the lab knows`);
  return Number(match[1]);
}

const HOST_WORDS = ['alpha', 'build', 'core', 'data', 'edge', 'infra', 'lab', 'main', 'node', 'prod', 'stage', 'test'];

export function drawHostname(random: Random): string {
  return `${random.pick(HOST_WORDS)}-${random.hex(4)}`;
}
