import { createRandom } from '../random.ts';
import { createEcKey } from './ec-key.ts';
import type { LabKey } from './lab-key.ts';
import { drawPrime } from './prime.ts';
import { createRsaKey } from './rsa-key.ts';

/** `rsa2048:7` is the eighth RSA-2048 key of this lab; `ec:k3s-3` the P-256 key of that name. */
export type KeyName = `rsa2048:${number}` | `rsa4096:${number}` | `ec:${string}`;

export interface KeyRing {
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

/**
 * Keys made on first use and then kept. A prime costs 20-60 ms and a key of two known primes 0.6 ms (2 cores, 2026-11),
 * so RSA keys share primes: 46 primes give the distinct moduli of a thousand clusters.
 */
export function createKeyRing(seed: number): KeyRing {
  const keys = new Map<KeyName, LabKey>();
  const primes = new Map<string, bigint>();

  function prime(bits: number, index: number): bigint {
    const name = `${bits}:${index}`;
    const known = primes.get(name);
    if (known !== undefined) return known;
    const made = drawPrime(createRandom(seed, 'prime', name), bits);
    primes.set(name, made);
    return made;
  }

  function make(name: KeyName): LabKey {
    const [kind, label = ''] = name.split(':', 2);
    if (kind === 'ec') return createEcKey(createRandom(seed, 'ec', label));
    const bits = kind === 'rsa4096' ? 2048 : 1024;
    const [high, low] = pairAt(Number(label));
    return createRsaKey(prime(bits, high), prime(bits, low));
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
