import type { KeyName } from '../keys/key-ring.ts';
import type { Cluster } from '../population/cluster.ts';
import { createRandom } from '../random.ts';
import type { ServingContext } from './define-distribution.ts';

/** One key signs for all authorities of its type: they differ by name and key id, which is what can be seen. */
export const RSA_AUTHORITY: KeyName = 'rsa2048:0';
export const EC_AUTHORITY: KeyName = 'ec:authority';

/** The serving key of a cluster's node; 0 is the authority's. */
export function rsaKey(cluster: Cluster, nodeIndex = 0): KeyName {
  return `rsa2048:${1 + cluster.keyIndex + nodeIndex}`;
}

export function ecKey(cluster: Cluster, nodeIndex = 0): KeyName {
  return `ec:serving-${cluster.keyIndex + nodeIndex}`;
}

/** A serial number as Go draws them, below 2^63: new with every issue. */
export function serialOf({ cluster }: Pick<ServingContext, 'cluster'>, nodeIndex = 0): string {
  const random = createRandom(cluster.issuedAt, 'serial', cluster.identity, nodeIndex);
  return `${(1 + random.integer(0x7e)).toString(16).padStart(2, '0')}${random.hex(14)}`;
}

/** Seconds of the moment at which the authority was made: the number that rancher's CAs carry in their name. */
export function createdAtSeconds(cluster: Cluster): number {
  return Math.floor(cluster.createdAt / 1000);
}
