import { describe, expect, it } from 'vitest';
import { certificateDer, der, extensionDer } from '../../../test/support/der.ts';
import { MAX_EXTENSIONS } from './certificate-extensions.ts';
import { DerCursor, MAX_DER_STEPS } from './der-cursor.ts';
import { MAX_NAME_ATTRIBUTES, readName } from './distinguished-name.ts';
import { readCertificate } from './read-certificate.ts';
import { X509Error } from './x509-error.ts';

const many = (count: number, of: Buffer) => Array.from({ length: count }, () => of);
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const attribute = (value: string) => der(0x30, COMMON_NAME, der(0x0c, Buffer.from(value)));
const nameOf = (...attributes: Buffer[]) => der(0x30, ...attributes.map((each) => der(0x31, each)));

it.each([
  ['under', MAX_DER_STEPS - 1, true],
  ['at', MAX_DER_STEPS, true],
  ['over', MAX_DER_STEPS + 1, false],
])('a number of elements %s the cap, on any levels, is taken as it should be', (_, elements, isTaken) => {
  const cursor = DerCursor.over(der(0x30, Buffer.alloc(2 * (elements - 1))));
  const walk = () => {
    const inner = cursor.next().enter();
    while (inner.hasMore) inner.next();
  };
  if (isTaken) expect(walk).not.toThrow();
  else expect(walk).toThrow(/X509_TOO_COMPLEX/);
});

describe('a name', () => {
  it.each([
    ['under', MAX_NAME_ATTRIBUTES - 1, MAX_NAME_ATTRIBUTES - 1],
    ['at', MAX_NAME_ATTRIBUTES, MAX_NAME_ATTRIBUTES],
    ['over', MAX_NAME_ATTRIBUTES + 1, MAX_NAME_ATTRIBUTES],
  ])('with a number of attributes %s the cap is kept to the cap', (_, count, kept) => {
    expect(readName(nameOf(...many(count, attribute('a')))).attributes).toHaveLength(kept);
    // In one RDN as in many.
    expect(readName(der(0x30, der(0x31, ...many(count, attribute('a'))))).attributes).toHaveLength(kept);
  });

  it.each([
    ['under', 511, 'a'.repeat(511)],
    ['at', 512, 'a'.repeat(512)],
    ['over', 513, `${'a'.repeat(511)}…`],
  ])('with a value %s the longest is cut to it', (_, length, value) => {
    expect(readName(nameOf(attribute('a'.repeat(length)))).attributes[0]?.value).toBe(value);
  });
});

describe('a certificate', () => {
  it.each([
    ['under', MAX_EXTENSIONS - 1, MAX_EXTENSIONS - 1],
    ['at', MAX_EXTENSIONS, MAX_EXTENSIONS],
    ['over', MAX_EXTENSIONS + 1, MAX_EXTENSIONS],
  ])('with a number of extensions %s the cap lists them to the cap', (_, count, kept) => {
    const extensions = many(count, extensionDer('2a0304', Buffer.from('0500', 'hex')));
    expect(readCertificate(certificateDer({ extensions })).extensionIds).toHaveLength(kept);
  });

  it.each([
    ['under', MAX_EXTENSIONS - 1, MAX_EXTENSIONS - 1],
    ['at', MAX_EXTENSIONS, MAX_EXTENSIONS],
    ['over', MAX_EXTENSIONS + 1, MAX_EXTENSIONS],
  ])('with a number of key purposes %s the cap lists them to the cap', (_, count, kept) => {
    const purposes = der(0x30, ...many(count, Buffer.from('06032a0304', 'hex')));
    const certificate = certificateDer({ extensions: [extensionDer('551d25', purposes)] });
    expect(readCertificate(certificate).extendedKeyUsage).toHaveLength(kept);
  });

  it.each([
    ['under', 63, 63],
    ['at', 64, 64],
    ['over', 65, 64],
  ])('with a key identifier of octets %s the longest keeps that many', (_, octets, kept) => {
    const id = der(0x04, Buffer.alloc(octets, 7));
    const certificate = certificateDer({ extensions: [extensionDer('551d0e', id)] });
    expect(readCertificate(certificate).subjectKeyIdHex).toHaveLength(2 * kept);
  });

  it.each([
    ['under', 511, 'c'.repeat(511)],
    ['at', 512, 'c'.repeat(512)],
    ['over', 513, `${'c'.repeat(511)}…`],
  ])('with a comment %s the longest is cut to it', (_, length, text) => {
    const comment = extensionDer('6086480186f842010d', der(0x16, Buffer.alloc(length, 'c')));
    expect(readCertificate(certificateDer({ extensions: [comment] })).netscapeComment).toBe(text);
  });
});

it.each([
  ['under', 63, true],
  ['at', 64, true],
  ['over', 65, false],
])('an object identifier of octets %s the longest is taken as it should be', (_, octets, isTaken) => {
  const read = () =>
    DerCursor.over(der(0x06, Buffer.alloc(octets, 1)))
      .next()
      .objectIdentifier();
  if (isTaken) expect(read).not.toThrow();
  else expect(read).toThrow(X509Error);
});
