import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { createKeyRing } from '../keys/key-ring.ts';
import { type CertificateSpecification, issueCertificate } from './certificate.ts';

const keys = createKeyRing(7);
const specification: CertificateSpecification = {
  subject: [['CN', 'kube-apiserver']],
  issuer: [['CN', 'rke2-server-ca@1763066975']],
  serial: '2ba99e5b4f81a40c',
  notBefore: Date.UTC(2026, 8, 7),
  notAfter: Date.UTC(2051, 0, 1),
  key: 'rsa2048:0',
  signer: 'ec:authority',
  extensions: [
    { type: 'key-usage', bits: ['digitalSignature', 'keyEncipherment'], critical: true },
    { type: 'extended-key-usage', server: true, client: true },
    { type: 'basic-constraints', ca: false, critical: true },
    { type: 'authority-key-id', id: Buffer.from('424df884', 'hex') },
    { type: 'subject-alternative-name', names: ['DNS:kubernetes', 'IP:10.43.0.1', 'IP:::1'] },
  ],
};

it('a lab certificate is one that an X.509 reader takes, signed by the authority', () => {
  const certificate = new X509Certificate(issueCertificate(specification, keys));
  expect(certificate.subject).toBe('CN=kube-apiserver');
  expect(certificate.issuer).toBe('CN=rke2-server-ca@1763066975');
  expect(certificate.subjectAltName).toBe('DNS:kubernetes, IP Address:10.43.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect(certificate.serialNumber).toBe('2BA99E5B4F81A40C');
  expect(certificate.validTo).toBe('Jan  1 00:00:00 2051 GMT');
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
});

it.each(['rsa2048:3', 'ec:authority'] as const)('a certificate signed by %s verifies', (signer) => {
  const root: CertificateSpecification = {
    ...specification,
    subject: specification.issuer,
    key: signer,
    signer,
    extensions: [{ type: 'basic-constraints', ca: true, critical: true }],
  };
  const authority = new X509Certificate(issueCertificate(root, keys));
  const certificate = new X509Certificate(issueCertificate({ ...specification, signer }, keys));
  expect(certificate.verify(authority.publicKey)).toBe(true);
});

it('one specification and one seed give one certificate, byte for byte', () => {
  expect(issueCertificate(specification, createKeyRing(7))).toEqual(issueCertificate(specification, keys));
  expect(issueCertificate(specification, createKeyRing(8))).not.toEqual(issueCertificate(specification, keys));
});
