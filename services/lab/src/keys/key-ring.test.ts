import { checkPrimeSync, createPublicKey, verify } from 'node:crypto';
import { expect, it } from 'vitest';
import { PRIMES_1024, PRIMES_2048 } from '../data/primes.ts';
import { createRandom } from '../random.ts';
import { createKeyRing, pairAt, pairIndex, primeAt } from './key-ring.ts';
import { drawPrime } from './prime.ts';

it('the kept primes are different primes of full length, found by the generator', () => {
  expect(new Set(PRIMES_1024).size).toBe(64);
  for (const index of PRIMES_1024.keys()) {
    const prime = primeAt(1024, index);
    expect(prime.toString(2).length).toBe(1024);
    expect(checkPrimeSync(prime, { checks: 8 })).toBe(true);
  }
  for (const index of PRIMES_2048.keys()) expect(checkPrimeSync(primeAt(2048, index), { checks: 8 })).toBe(true);
  expect(drawPrime(createRandom(0, 'prime', '1024:3'), 1024)).toBe(primeAt(1024, 3));
});

it('every number below 2016 names another pair of kept primes', () => {
  const pairs = Array.from({ length: 2016 }, (_, index) => pairAt(index));
  expect(new Set(pairs.map(String)).size).toBe(2016);
  expect(Math.max(...pairs.flat())).toBe(63);
  for (const [index, [high, low]] of pairs.entries()) expect(pairIndex(high, low)).toBe(index);
});

it.each(['rsa2048:0', 'rsa2048:2015', 'rsa4096:0', 'ec:any'] as const)('signatures of %s verify and repeat', (name) => {
  const key = createKeyRing(1).key(name);
  const data = Buffer.from('data');
  const publicKey = createPublicKey({ key: key.publicDer, format: 'der', type: 'spki' });
  expect(verify('sha256', data, publicKey, key.sign(data))).toBe(true);
  expect(key.sign(data)).toEqual(key.sign(data));
  expect(createKeyRing(1).key(name).publicDer).toEqual(key.publicDer);
});
