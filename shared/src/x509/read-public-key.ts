import { DerCursor, TAG } from './der-cursor.ts';
import { X509Error } from './x509-error.ts';

/** A public key of the kinds that sign TLS handshakes, as JSON Web Key members (RFC 7518, RFC 8037). */
export type PublicKeyJwk =
  | { kty: 'RSA'; n: string; e: string }
  | { kty: 'EC'; crv: 'P-256' | 'P-384' | 'P-521'; x: string; y: string }
  | { kty: 'OKP'; crv: 'Ed25519'; x: string };

const MIN_MODULUS_BYTES = 128;
const MAX_MODULUS_BYTES = 1024;
const MAX_EXPONENT_BYTES = 4;

const CURVES: ReadonlyMap<string, { crv: 'P-256' | 'P-384' | 'P-521'; fieldBytes: number }> = new Map([
  ['1.2.840.10045.3.1.7', { crv: 'P-256', fieldBytes: 32 }],
  ['1.3.132.0.34', { crv: 'P-384', fieldBytes: 48 }],
  ['1.3.132.0.35', { crv: 'P-521', fieldBytes: 66 }],
]);

/**
 * The key of a DER certificate, taken apart and held to sizes that a library verifies with in bounded time: the
 * certificate's own encoding of it goes no further. undefined for any other kind, size or form.
 *
 * @throws X509Error
 */
export function readPublicKey(der: Buffer): PublicKeyJwk | undefined {
  const tbs = DerCursor.over(der)
    .expect(TAG.sequence, 'certificate')
    .enter()
    .expect(TAG.sequence, 'TBSCertificate')
    .enter();
  if (tbs.peekTag() === 0xa0) tbs.next();
  tbs.expect(TAG.integer, 'serial number');
  for (const what of ['signature algorithm', 'issuer', 'validity', 'subject']) tbs.expect(TAG.sequence, what);
  const info = tbs.expect(TAG.sequence, 'subject public key').enter();
  const algorithm = info.expect(TAG.sequence, 'key algorithm').enter();
  const identifier = algorithm.expect(TAG.objectIdentifier, 'key algorithm').objectIdentifier();
  const key = info.expect(TAG.bitString, 'public key').enter(1);
  switch (identifier) {
    case '1.2.840.113549.1.1.1':
    case '1.2.840.113549.1.1.10':
      return readRsaKey(key);
    case '1.2.840.10045.2.1':
      return algorithm.peekTag() === TAG.objectIdentifier
        ? readEcKey(algorithm.next().objectIdentifier(), key)
        : undefined;
    case '1.3.101.112': {
      const point = key.bytes.subarray(key.position, key.end);
      return point.length === 32 ? { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') } : undefined;
    }
    default:
      return undefined;
  }
}

function readRsaKey(key: DerCursor): PublicKeyJwk | undefined {
  const members = key.expect(TAG.sequence, 'RSA public key').enter();
  const modulus = positive(members.expect(TAG.integer, 'RSA modulus').content());
  const exponent = positive(members.expect(TAG.integer, 'RSA exponent').content());
  if (modulus.length < MIN_MODULUS_BYTES || modulus.length > MAX_MODULUS_BYTES) return undefined;
  if (exponent.length === 0 || exponent.length > MAX_EXPONENT_BYTES) return undefined;
  // Even moduli and exponents are no RSA keys; libraries differ in what they do with them.
  if (!isOdd(modulus) || !isOdd(exponent) || (exponent.length === 1 && exponent[0] === 1)) return undefined;
  return { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') };
}

function readEcKey(curve: string, key: DerCursor): PublicKeyJwk | undefined {
  const known = CURVES.get(curve);
  const point = key.bytes.subarray(key.position, key.end);
  if (known === undefined || point.length !== 1 + 2 * known.fieldBytes || point[0] !== 4) return undefined;
  const x = point.toString('base64url', 1, 1 + known.fieldBytes);
  return { kty: 'EC', crv: known.crv, x, y: point.toString('base64url', 1 + known.fieldBytes) };
}

function positive(integer: Buffer): Buffer {
  if (((integer[0] ?? 0x80) & 0x80) !== 0)
    throw new X509Error('X509_BAD_VALUE', 'a negative or empty integer in a key');
  return integer[0] === 0 ? integer.subarray(1) : integer;
}

function isOdd(integer: Buffer): boolean {
  return ((integer[integer.length - 1] ?? 0) & 1) === 1;
}
