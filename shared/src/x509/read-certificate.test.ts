import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateDer, der, extensionDer, nameDer } from '../../../test/support/der.ts';
import { readCertificate } from './read-certificate.ts';
import { X509Error } from './x509-error.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kubecensus-x509-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const EXTENSIONS = [
  'subjectAltName=DNS:kubernetes,DNS:kubernetes.default,IP:10.96.0.1,IP:2001:db8:0:0:1::5,IP:::1,URI:spiffe://cluster/x,email:a@b.example',
  'keyUsage=critical,digitalSignature,keyEncipherment',
  'extendedKeyUsage=serverAuth,clientAuth',
  'nsComment=Kube API Server Certificate',
];

function opensslCertificate(keyArguments: readonly string[], subject: string): Buffer {
  const file = path.join(folder, 'made.pem');
  const extensions = EXTENSIONS.flatMap((extension) => ['-addext', extension]);
  const files = ['-nodes', '-keyout', path.join(folder, 'made.key'), '-out', file];
  execFileSync('openssl', ['req', '-x509', '-days', '30', ...keyArguments, ...files, '-subj', subject, ...extensions], {
    stdio: 'pipe',
  });
  return new X509Certificate(readFileSync(file)).raw;
}

const curve = (name: string) => ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${name}`];

describe('a certificate made by openssl', () => {
  it.each([
    ['RSA-2048', ['-newkey', 'rsa:2048'], 'sha256WithRSAEncryption'],
    ['RSA-PSS-2048', ['-newkey', 'rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'], 'rsassaPss'],
    ['EC P-256', curve('prime256v1'), 'ecdsa-with-SHA256'],
    ['EC P-384', [...curve('secp384r1'), '-sha384'], 'ecdsa-with-SHA384'],
    ['EC P-521', [...curve('secp521r1'), '-sha512'], 'ecdsa-with-SHA512'],
    ['EC secp256k1', curve('secp256k1'), 'ecdsa-with-SHA256'],
    ['EC explicit-parameters', [...curve('prime256v1'), '-pkeyopt', 'ec_param_enc:explicit'], 'ecdsa-with-SHA256'],
    ['Ed25519', ['-newkey', 'ed25519'], 'Ed25519'],
    ['Ed448', ['-newkey', 'ed448'], 'Ed448'],
  ])('with a key of type %s is read as the library reads it', (keyType, keyArguments, signatureAlgorithm) => {
    const raw = opensslCertificate(keyArguments, '/C=GB/O=Canonical/OU=a/OU=b/CN=127.0.0.1');
    const certificate = readCertificate(raw);
    const library = new X509Certificate(raw);
    expect(certificate).toMatchObject({ keyType, signatureAlgorithm, isCa: true, hasBasicConstraints: true });
    expect(certificate.subject.text).toBe('C=GB, O=Canonical, OU=a, OU=b, CN=127.0.0.1');
    expect(certificate.issuer).toEqual(certificate.subject);
    expect(BigInt(`0x${certificate.serialHex}`)).toBe(BigInt(`0x${library.serialNumber}`));
    expect(certificate.notBefore).toEqual(new Date(library.validFrom));
    expect(certificate.notAfter).toEqual(new Date(library.validTo));
    expect(certificate.sans).toEqual({
      dns: ['kubernetes', 'kubernetes.default'],
      ip: ['10.96.0.1', '2001:db8::1:0:0:5', '::1'],
      uri: ['spiffe://cluster/x'],
      email: ['a@b.example'],
      total: 7,
    });
    expect(certificate.keyUsage).toEqual(['digitalSignature', 'keyEncipherment']);
    expect(certificate.extendedKeyUsage).toEqual(['serverAuth', 'clientAuth']);
    expect(certificate.netscapeComment).toBe('Kube API Server Certificate');
    expect(certificate.subjectKeyIdHex).toMatch(/^[0-9a-f]{40}$/);
    expect(certificate.authorityKeyIdHex).toBe(certificate.subjectKeyIdHex);
    expect(certificate.extensionIds).toContain('2.5.29.17');
  });
});

it('a multi-valued RDN is written with a plus sign', () => {
  const raw = opensslCertificate([...curve('prime256v1'), '-multivalue-rdn'], '/O=k3s+CN=k3s');
  expect(readCertificate(raw).subject.text).toMatch(/^(O=k3s\+CN=k3s|CN=k3s\+O=k3s)$/);
});

it.each([
  ['UTF-8', 0x0c, Buffer.from('Zürich')],
  ['Latin-1', 0x14, Buffer.from('Zürich', 'latin1')],
  ['BMP', 0x1e, Buffer.from('Zürich', 'utf16le').swap16()],
  ['universal', 0x1c, Buffer.concat([...'Zürich'].map((character) => Buffer.from([0, 0, 0, character.charCodeAt(0)])))],
])('a %s string is read as text', (_, tag, bytes) => {
  expect(readCertificate(certificateDer({ subject: nameDer(bytes, tag) })).subject.text).toBe('CN=Zürich');
});

it('a name that is no string is kept as hex', () => {
  expect(readCertificate(certificateDer({ subject: nameDer(Buffer.from([1, 2]), 0x04) })).subject.text).toBe(
    'CN=\\#04020102',
  );
});

it('control characters in a name are replaced and separators escaped', () => {
  const { subject } = readCertificate(certificateDer({ subject: nameDer('a\0b\u202ec, O=evil+"x"') }));
  expect(subject.attributes).toEqual([{ type: 'CN', value: 'a\ufffdb\ufffdc, O=evil+"x"' }]);
  expect(subject.text).toBe('CN=a\ufffdb\ufffdc\\, O\\=evil\\+\\"x\\"');
});

it.each([
  ['a UTCTime of this century', 0x17, '250101123456Z', '2025-01-01T12:34:56.000Z'],
  ['a UTCTime of the last', 0x17, '500101000000Z', '1950-01-01T00:00:00.000Z'],
  ['a UTCTime without seconds and with an offset', 0x17, '2501011234+0130', '2025-01-01T11:04:00.000Z'],
  ['a GeneralizedTime', 0x18, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
  ['a GeneralizedTime of the year 50', 0x18, '00500101000000Z', '0050-01-01T00:00:00.000Z'],
])('%s is read', (_, tag, text, instant) => {
  const raw = certificateDer({ notBefore: der(tag, Buffer.from(text)) });
  expect(readCertificate(raw).notBefore.toISOString()).toBe(instant);
});

it.each([
  [0x17, '20250101000000Z'],
  [0x17, '251301000000Z'],
  [0x17, 'yesterday'],
  [0x18, '250101000000Z'],
  [0x18, `2025${'0'.repeat(40)}Z`],
  [0x0c, '250101000000Z'],
])('a time of tag %i that reads %s is refused', (tag, text) => {
  expect(() => readCertificate(certificateDer({ notBefore: der(tag, Buffer.from(text)) }))).toThrow(X509Error);
});

it('a basic constraint of CA and a foreign extension are both seen', () => {
  const isCa = extensionDer('551d13', der(0x30, der(0x01, Buffer.from([0xff]))));
  const foreign = extensionDer('2b0601040182370a', Buffer.from('whatever'));
  const certificate = readCertificate(certificateDer({ extensions: [isCa, foreign] }));
  expect(certificate.isCa).toBe(true);
  expect(certificate.extensionIds).toEqual(['2.5.29.19', '1.3.6.1.4.1.311.10']);
});
