import { PRIMES_1024, PRIMES_2048 } from '../data/primes.ts';
import { createRandom } from '../random.ts';
import { createEcKey } from './ec-key.ts';
import type { LabKey } from './lab-key.ts';
import { drawPrime } from './prime.ts';
import { createRsaKey } from './rsa-key.ts';

/** `rsa2048:7` is the eighth RSA-2048 key; `ec:serving-3` the P-256 key of that name. */
export type KeyName = `rsa2048:${number}` | `rsa4096:${number}` | `ec:${string}`;

export interface KeyRing {
  /** The key of that name: of every lab for RSA, of this seed for P-256. */
  key(name: KeyName): LabKey;
}

/** The `index`-th pair (high, low) with high > low: n numbers give n(n-1)/2 pairs. */
export function pairAt(index: number): [high: number, low: number] {
  let high = 1;
  let rest = index;
  while (rest >= high) {
    rest -= high;
    high += 1;
  }
  return [high, rest];
}

/** The inverse of `pairAt`. */
export function pairIndex(high: number, low: number): number {
  return (high * (high - 1)) / 2 + low;
}

/** Prime number `index` of that size: a kept one, or, past their end, one that is found now. */
export function primeAt(bits: 1024 | 2048, index: number): bigint {
  const kept = (bits === 1024 ? PRIMES_1024 : PRIMES_2048)[index];
  if (kept === undefined) return drawPrime(createRandom(0, 'prime', `${bits}:${index}`), bits);
  return BigInt(`0x${Buffer.from(kept, 'base64url').toString('hex')}`);
}

/**
 * Keys made on first use and then kept. RSA keys share primes, for a prime costs 40 ms and a key of two known primes
 * 0.6 ms (2 cores, 2026-11): 64 primes give 2016 different keys.
 */
export function createKeyRing(seed: number): KeyRing {
  const keys = new Map<KeyName, LabKey>();

  function make(name: KeyName): LabKey {
    const [kind, label = ''] = name.split(':', 2);
    if (kind === 'ec') return createEcKey(createRandom(seed, 'ec', label));
    const bits = kind === 'rsa4096' ? 2048 : 1024;
    const [high, low] = pairAt(Number(label));
    return createRsaKey(primeAt(bits, high), primeAt(bits, low));
  }

  return {
    key(name) {
      const known = keys.get(name);
      if (known !== undefined) return known;
      const made = make(name);
      keys.set(name, made);
      return made;
    },
  };
}
