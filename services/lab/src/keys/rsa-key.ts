import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { LabKey } from './lab-key.ts';

const PUBLIC_EXPONENT = 65_537n;

/** The inverse of `value` modulo `modulus` (extended Euclid). */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [remainder, nextRemainder] = [modulus, value % modulus];
  let [factor, nextFactor] = [0n, 1n];
  while (nextRemainder !== 0n) {
    const quotient = remainder / nextRemainder;
    [remainder, nextRemainder] = [nextRemainder, remainder - quotient * nextRemainder];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return ((factor % modulus) + modulus) % modulus;
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}

/** The RSA key of two primes. */
export function createRsaKey(p: bigint, q: bigint): LabKey {
  const n = p * q;
  const d = inverse(PUBLIC_EXPONENT, (p - 1n) * (q - 1n));
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'RSA',
      n: base64url(n),
      e: base64url(PUBLIC_EXPONENT),
      d: base64url(d),
      p: base64url(p),
      q: base64url(q),
      dp: base64url(d % (p - 1n)),
      dq: base64url(d % (q - 1n)),
      qi: base64url(inverse(q, p)),
    },
  });
  return {
    type: 'rsa',
    privatePem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicDer: createPublicKey(key).export({ type: 'spki', format: 'der' }),
    signatureAlgorithm: 'rsa-sha256',
    sign: (data) => sign('sha256', data, key),
  };
}
