import { type CertificateExtensions, noExtensions, readExtensionsAt } from './certificate-extensions.ts';
import { readTime } from './certificate-time.ts';
import { DerCursor, TAG } from './der-cursor.ts';
import { type DistinguishedName, readNameAt } from './distinguished-name.ts';
import { readKeyType } from './key-type.ts';
import { SIGNATURE_ALGORITHMS } from './object-identifiers.ts';
import { X509Error } from './x509-error.ts';

/** What the census reads of a certificate. Every text is cleaned; the DER stays the evidence. */
export interface Certificate extends CertificateExtensions {
  subject: DistinguishedName;
  issuer: DistinguishedName;
  /** Content octets of the serial number, at most 64 of them. */
  serialHex: string;
  notBefore: Date;
  notAfter: Date;
  /** `RSA-2048`, `EC P-256`, `Ed25519`, ...; the dotted identifier where the kind is not known. */
  keyType: string;
  signatureAlgorithm: string;
}

/**
 * Reads a DER certificate (RFC 5280 section 4.1) of any key type, in bounded steps and without
 * a cryptographic library. No signature is verified.
 *
 * @throws X509Error and nothing else.
 */
export function readCertificate(der: Buffer): Certificate {
  const outer = DerCursor.over(der).expect(TAG.sequence, 'certificate').enter();
  const tbs = outer.expect(TAG.sequence, 'TBSCertificate').enter();
  if (tbs.peekTag() === 0xa0) tbs.next();
  tbs.expect(TAG.integer, 'serial number');
  const serialHex = der.toString('hex', tbs.contentStart, Math.min(tbs.contentEnd, tbs.contentStart + 64));
  const algorithm = tbs
    .expect(TAG.sequence, 'signature algorithm')
    .enter()
    .expect(TAG.objectIdentifier, 'signature algorithm')
    .objectIdentifier();
  const issuer = readNameAt(tbs.expect(TAG.sequence, 'issuer'));
  const validityEnd = tbs.expect(TAG.sequence, 'validity').descend();
  const notBefore = readTime(tbs.next());
  const notAfter = readTime(tbs.next());
  tbs.ascend(validityEnd);
  const subject = readNameAt(tbs.expect(TAG.sequence, 'subject'));
  const keyType = readKeyType(tbs.expect(TAG.sequence, 'subject public key'));
  let extensions: CertificateExtensions | undefined;
  while (tbs.hasMore) {
    tbs.next();
    if (tbs.tag === 0xa3) {
      const extensionsEnd = tbs.descend();
      extensions = readExtensionsAt(tbs);
      tbs.ascend(extensionsEnd);
    } else if (tbs.tag !== 0x81 && tbs.tag !== 0x82) {
      throw new X509Error('X509_UNEXPECTED', `tag 0x${tbs.tag.toString(16)} at byte ${tbs.start} of a certificate`);
    }
  }
  const { sans, isCa, hasBasicConstraints, keyUsage, extendedKeyUsage, extensionIds } = extensions ?? noExtensions();
  // Field by field: to spread the extensions' cost a fifth of the reading.
  const certificate: Certificate = {
    subject,
    issuer,
    serialHex,
    notBefore,
    notAfter,
    keyType,
    signatureAlgorithm: SIGNATURE_ALGORITHMS.get(algorithm) ?? algorithm,
    sans,
    isCa,
    hasBasicConstraints,
    keyUsage,
    extendedKeyUsage,
    extensionIds,
  };
  if (extensions?.authorityKeyIdHex !== undefined) certificate.authorityKeyIdHex = extensions.authorityKeyIdHex;
  if (extensions?.subjectKeyIdHex !== undefined) certificate.subjectKeyIdHex = extensions.subjectKeyIdHex;
  if (extensions?.netscapeComment !== undefined) certificate.netscapeComment = extensions.netscapeComment;
  return certificate;
}
