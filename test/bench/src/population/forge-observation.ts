import { formatIpv4 } from '@kubecensus/shared/addresses';
import type { Observation } from '@kubecensus/shared/messages';
import type { BegunShowing } from './weekly-population.ts';

/** What a real probe saw of one host of the lab, and what that host is. */
export interface SeenHost {
  readonly observation: Observation;
  readonly distribution: string;
}

/** The beginning of every certificate's content (RFC 5280 section 4.1): version 3, then the serial number's tag. */
const BEFORE_SERIAL = Buffer.from('a003020102', 'hex');
/** Validity of two UTCTime (RFC 5280 section 4.1.2.5): SEQUENCE of 30 bytes, the first one's tag and length. */
const VALIDITY = Buffer.from('301e170d', 'hex');
/** Extension authorityKeyIdentifier (RFC 5280 section 4.2.1.1): its OID, and the octets around a key id of 20 bytes. */
const AUTHORITY_KEY = Buffer.from('0603551d230418301680' + '14', 'hex');
/** Parts of names that are one cluster's own: EKS' endpoint, a UUID, TKE's id. No time stamps, which begin with `@`. */
const OWN_NAMES = /(?<![@0-9a-f])[0-9a-f]{8,}|(?<=cls-)[a-z0-9]{8}/gi;
const FLOW_SCHEMA = 'x-kubernetes-pf-flowschema-uid';
/** Distributions that the lab does not play, by one that looks much the same. */
const STAND_INS: Readonly<Record<string, string>> = { oke: 'kubeadm', lke: 'kubeadm', unknown: 'hard-way' };

/** A certificate with the places in it that are made anew; no key is made, and no signature holds. */
interface Template {
  readonly observation: Observation;
  readonly leaf: Buffer;
  readonly serialAt: number;
  readonly validityAt: number;
  readonly authorityAt: number;
  readonly namesAt: readonly number[];
}

/**
 * Makes what a probe would see of a showing: certificate, first flight and answer of a host of the lab that is of the same
 * distribution, with serial number, validity, authority, names and FlowSchema of the showing's own.
 */
export class ObservationForge {
  readonly #templates = new Map<string, Template>();
  readonly #pages = new Map<string, string>();
  readonly #answering: Observation;
  readonly #silent: readonly Observation[];

  constructor(hosts: readonly SeenHost[]) {
    for (const { observation, distribution } of hosts) {
      const template = toTemplate(observation);
      if (template !== undefined && !this.#templates.has(distribution)) this.#templates.set(distribution, template);
    }
    const answering = hosts.find(({ observation: { evidence } }) => evidence.response?.status === 200)?.observation;
    const silent = [401, 403].flatMap(
      (status) =>
        hosts.find(({ observation: { evidence } }) => evidence.response?.status === status)?.observation ?? [],
    );
    if (answering === undefined || silent.length === 0) throw new RangeError('the lab had no hosts of every kind');
    this.#answering = answering;
    this.#silent = silent;
  }

  /** The page of a real server with another version; made once for each version. */
  #toVersionPage(gitVersion: string): string {
    let page = this.#pages.get(gitVersion);
    if (page === undefined) {
      const [major = '', minor = ''] = gitVersion.slice(1).split('.');
      const body = Buffer.from(this.#answering.evidence.response?.body ?? '', 'base64').toString();
      const told = { ...(JSON.parse(body) as Record<string, string>), major, minor, gitVersion };
      page = Buffer.from(JSON.stringify(told)).toString('base64');
      this.#pages.set(gitVersion, page);
    }
    return page;
  }

  /** As seen at the first of its endpoints' addresses. */
  forge(showing: BegunShowing, address: number, observedAt: number): Observation {
    const { port, cluster, kind, version, silence } = showing;
    const name = kind.distribution;
    const template = this.#templates.get(name) ?? this.#templates.get(STAND_INS[name] ?? '');
    if (template === undefined) throw new RangeError(`the lab had no host of ${name}`);
    const { observation } = template;
    const silent = this.#silent[silence === 'forbidden' ? 1 : 0] ?? this.#answering;
    const { response, ...other } = version === undefined ? silent.evidence : this.#answering.evidence;
    const firstFlight = observation.evidence.firstFlight ?? other.firstFlight;
    return {
      address: formatIpv4(address),
      port,
      component: 'kube-apiserver',
      outcome: 'answered',
      observedAt,
      durationMs: 90,
      evidence: {
        ...observation.evidence,
        chain: [forgeLeaf(template, showing), ...observation.evidence.chain.slice(1)],
        ...(firstFlight !== undefined && { firstFlight }),
        ...(response !== undefined && {
          response: {
            ...response,
            headers: response.headers.map(([header, value]): [string, string] =>
              header === FLOW_SCHEMA ? [header, value.slice(0, -8) + toHex(cluster)] : [header, value],
            ),
            ...(version !== undefined && { body: this.#toVersionPage(version) }),
          },
        }),
      },
      possession: 'proved',
    };
  }
}

function toTemplate(observation: Observation): Template | undefined {
  const leaf = Buffer.from(observation.evidence.chain[0] ?? '', 'base64');
  const tag = leaf.indexOf(BEFORE_SERIAL) + BEFORE_SERIAL.length;
  const length = leaf[tag + 1] ?? 0;
  const authority = leaf.indexOf(AUTHORITY_KEY);
  const validity = leaf.indexOf(VALIDITY);
  if (tag < BEFORE_SERIAL.length || length < 5 || validity < 0) return undefined;
  const validityAt = validity + VALIDITY.length;
  return {
    observation,
    leaf,
    serialAt: tag + 2 + length - 4,
    validityAt,
    authorityAt: authority < 0 ? -1 : authority + AUTHORITY_KEY.length + 16,
    namesAt: findOwnNames(leaf),
  };
}

/** Tags of the strings that names are: PrintableString, UTF8String, and dNSName in an alternative name (RFC 5280). */
const NAME_TAGS = [0x13, 0x0c, 0x82];

/** Where the own parts of all names begin. */
function findOwnNames(leaf: Buffer): number[] {
  return [...leaf.keys()].flatMap((at) => {
    if (!NAME_TAGS.includes(leaf[at] ?? 0)) return [];
    const name = leaf.toString('latin1', at + 2, at + 2 + (leaf[at + 1] ?? 0));
    return /^[ -~]+$/.test(name) ? [...name.matchAll(OWN_NAMES)].map(({ index }) => at + 2 + index) : [];
  });
}

function forgeLeaf(
  { leaf, serialAt, validityAt, authorityAt, namesAt }: Template,
  { cluster, certificate, from, until }: BegunShowing,
): string {
  leaf.writeUInt32BE(certificate, serialAt);
  leaf.write(toUtcTime(from), validityAt, 'latin1');
  leaf.write(toUtcTime(until), validityAt + 15, 'latin1');
  if (authorityAt >= 0) leaf.writeUInt32BE(cluster, authorityAt);
  for (const at of namesAt) leaf.write(toHex(cluster), at, 'latin1');
  return leaf.toString('base64');
}

/** Of days since 1970: YYMMDDHHMMSSZ. */
function toUtcTime(days: number): string {
  return `${new Date(days * 86_400_000).toISOString().slice(2, 10).replaceAll('-', '')}000000Z`;
}

function toHex(number: number): string {
  return number.toString(16).padStart(8, '0');
}
