import { checkPrimeSync } from 'node:crypto';
import type { Random } from '../random.ts';

const SMALL_PRIMES = ((): number[] => {
  const found: number[] = [];
  for (let candidate = 3; candidate < 4000; candidate += 2) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
})();

/** Rounds of Miller-Rabin; candidates are drawn by ourselves, not by an opponent. */
const ROUNDS = 4;

/** The first prime after a drawn number whose two highest bits are set, so that a product of two has full length. */
export function drawPrime(random: Random, bits: number): bigint {
  const start = BigInt(`0x${random.hex(bits / 4)}`) | (3n << BigInt(bits - 2)) | 1n;
  const residues = SMALL_PRIMES.map((prime) => Number(start % BigInt(prime)));
  for (let step = 0; ; step += 2) {
    const divisible = SMALL_PRIMES.some((prime, index) => ((residues[index] ?? 0) + step) % prime === 0);
    if (divisible) continue;
    const candidate = start + BigInt(step);
    // 65537 is the public exponent: it must not divide p - 1.
    if ((candidate - 1n) % 65_537n !== 0n && checkPrimeSync(candidate, { checks: ROUNDS })) return candidate;
  }
}
