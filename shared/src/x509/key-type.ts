import { type DerCursor, TAG } from './der-cursor.ts';
import { CURVES } from './object-identifiers.ts';

/**
 * What kind of public key the current element, a SubjectPublicKeyInfo, holds: `RSA-2048`,
 * `EC P-256`, `Ed25519`, `DSA-1024`; the dotted identifier for a kind not known here. The key itself
 * is not validated: strangers' keys never reach a cryptographic library.
 */
export function readKeyType(cursor: DerCursor): string {
  const info = cursor.enter();
  const algorithm = info.expect(TAG.sequence, 'key algorithm').enter();
  const identifier = algorithm.expect(TAG.objectIdentifier, 'key algorithm').objectIdentifier();
  info.expect(TAG.bitString, 'public key');
  switch (identifier) {
    case '1.2.840.113549.1.1.1':
      return `RSA-${rsaModulusBits(info)}`;
    case '1.2.840.113549.1.1.10':
      return `RSA-PSS-${rsaModulusBits(info)}`;
    case '1.2.840.10045.2.1': {
      if (algorithm.peekTag() !== TAG.objectIdentifier) return 'EC explicit-parameters';
      const curve = algorithm.next().objectIdentifier();
      return `EC ${CURVES.get(curve) ?? curve}`;
    }
    case '1.2.840.10040.4.1':
      return algorithm.peekTag() === TAG.sequence
        ? `DSA-${integerBits(algorithm.next().enter().expect(TAG.integer, 'DSA prime'))}`
        : 'DSA';
    case '1.3.101.110':
      return 'X25519';
    case '1.3.101.112':
      return 'Ed25519';
    case '1.3.101.113':
      return 'Ed448';
    default:
      return identifier;
  }
}

function rsaModulusBits(publicKey: DerCursor): number {
  const key = publicKey.enter(1).expect(TAG.sequence, 'RSA public key').enter();
  return integerBits(key.expect(TAG.integer, 'RSA modulus'));
}

function integerBits(integer: DerCursor): number {
  let at = integer.contentStart;
  while (at < integer.contentEnd && integer.bytes[at] === 0) at++;
  if (at === integer.contentEnd) return 0;
  return (integer.contentEnd - at) * 8 - (Math.clz32(integer.bytes[at] as number) - 24);
}
