import type { KeyName, KeyRing } from '../keys/key-ring.ts';
import { bitString, context, fromDer, objectIdentifier, sequence, Tag, time, toDer, universal } from './der.ts';
import { type Extension, toExtensionNode } from './extension.ts';
import { type Name, toNameNode } from './name.ts';

/** All that a certificate says, as plain data: equal specifications give byte-equal certificates. */
export interface CertificateSpecification {
  subject: Name;
  issuer: Name;
  /** Big-endian, hexadecimal; the highest bit clear. */
  serial: string;
  /** Milliseconds since the epoch; certificates keep whole seconds. */
  notBefore: number;
  notAfter: number;
  key: KeyName;
  /** SubjectPublicKeyInfo to state instead of the key's own, hexadecimal: for certificates that no key fits. */
  publicKeyDer?: string;
  signer: KeyName;
  extensions: readonly Extension[];
}

const SIGNATURE_OIDS = { 'rsa-sha256': '1.2.840.113549.1.1.11', 'ecdsa-sha256': '1.2.840.10045.4.3.2' } as const;

/** The DER of an X.509 version 3 certificate (RFC 5280 section 4.1). */
export function issueCertificate(specification: CertificateSpecification, keys: KeyRing): Buffer {
  const signer = keys.key(specification.signer);
  const oid = objectIdentifier(SIGNATURE_OIDS[signer.signatureAlgorithm]);
  // RSA's algorithm identifier carries a NULL, ECDSA's carries nothing (RFC 3279 and RFC 5758).
  const algorithm = signer.type === 'rsa' ? sequence(oid, universal(Tag.NULL, Buffer.alloc(0))) : sequence(oid);
  const body = sequence(
    context(0, [universal(Tag.INTEGER, Buffer.of(2))]),
    universal(Tag.INTEGER, Buffer.from(specification.serial, 'hex')),
    algorithm,
    toNameNode(specification.issuer),
    sequence(time(new Date(specification.notBefore)), time(new Date(specification.notAfter))),
    toNameNode(specification.subject),
    fromDer(
      specification.publicKeyDer === undefined
        ? keys.key(specification.key).publicDer
        : Buffer.from(specification.publicKeyDer, 'hex'),
    ),
    context(3, [sequence(...specification.extensions.map(toExtensionNode))]),
  );
  return toDer(sequence(body, algorithm, bitString(signer.sign(toDer(body)))));
}

export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
