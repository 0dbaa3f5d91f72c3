import { DISTRIBUTIONS } from '../distributions/index.ts';
import { MUTATIONS } from '../mutations/index.ts';
import { OTHER_PORTS } from './others.ts';

/** Every port at which something of the lab may listen, on the Internet's numbers. */
export const SCANNED_PORTS: readonly number[] = [
  ...new Set([...DISTRIBUTIONS, ...MUTATIONS].flatMap(({ ports }) => ports).concat(OTHER_PORTS)),
].sort((left, right) => left - right);
