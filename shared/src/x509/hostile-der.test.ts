import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { altNamesDer, certificateDer, der, dnsNameDer, extensionDer, nameDer } from '../../../test/support/der.ts';
import { DerCursor, MAX_DER_BYTES, MAX_DER_STEPS, TAG } from './der-cursor.ts';
import { readName } from './distinguished-name.ts';
import { readCertificate } from './read-certificate.ts';
import { readNames } from './read-names.ts';
import { readPublicKey } from './read-public-key.ts';
import { readSubjectAltNames } from './subject-alt-names.ts';
import { X509Error } from './x509-error.ts';

const READERS = [readCertificate, readSubjectAltNames, readNames, readName, readPublicKey];

/** Each reader returns, or throws the room's own error. */
function readAll(bytes: Buffer): void {
  for (const read of READERS) {
    try {
      read(bytes);
    } catch (error) {
      if (!(error instanceof X509Error)) throw error;
    }
  }
}

const certificate = certificateDer({
  subject: nameDer('cp-1@1795295685'),
  extensions: [
    altNamesDer(dnsNameDer('kubernetes'), der(0x87, Buffer.alloc(16, 1)), der(0x86, Buffer.from('a:b'))),
    extensionDer('551d13', der(0x30, der(0x01, Buffer.from([0xff])))),
    extensionDer('551d0f', Buffer.from('030205a0', 'hex')),
    extensionDer('551d25', der(0x30, Buffer.from('06082b06010505070301', 'hex'))),
    extensionDer('551d0e', der(0x04, Buffer.alloc(20, 3))),
    extensionDer('551d23', der(0x30, der(0x80, Buffer.alloc(20, 4)))),
    extensionDer('6086480186f842010d', der(0x16, Buffer.from('comment'))),
  ],
});

it('the certificate that is broken below is good', () => {
  expect(readCertificate(certificate).extensionIds).toHaveLength(7);
});

it('a certificate cut at any byte is refused with the own error', () => {
  for (let length = 0; length < certificate.length; length++) {
    expect(() => readCertificate(certificate.subarray(0, length))).toThrow(X509Error);
    readAll(certificate.subarray(0, length));
  }
});

it('a certificate with any byte changed is read or refused with the own error', () => {
  for (let at = 0; at < certificate.length; at++) {
    for (const value of [0x00, 0x01, 0x1f, 0x30, 0x7f, 0x80, 0x84, 0xff]) {
      const changed = Buffer.from(certificate);
      changed[at] = value;
      readAll(changed);
    }
  }
});

it('random bytes are read or refused with the own error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readAll(Buffer.from(bytes))),
    {
      seed: 20_261_121,
      numRuns: 2000,
    },
  );
});

it('random nests of elements are read or refused with the own error', () => {
  const { element } = fc.letrec<{ element: Buffer }>((tie) => ({
    element: fc.oneof(
      { maxDepth: 8, depthSize: 'large' },
      fc
        .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 8 }))
        .map(([tag, bytes]) => der(tag, Buffer.from(bytes))),
      fc
        .tuple(fc.constantFrom(0x30, 0x31, 0xa0, 0xa3, 0x04), fc.array(tie('element'), { maxLength: 6 }))
        .map(([tag, parts]) => der(tag, ...parts)),
    ),
  }));
  fc.assert(fc.property(element, readAll), { seed: 20_261_121, numRuns: 2000 });
});

it('a certificate reads the same wherever it stands in a buffer', () => {
  const shifted = Buffer.concat([Buffer.alloc(13, 0x30), certificate]).subarray(13);
  expect(readCertificate(shifted)).toEqual(readCertificate(certificate));
});

describe('the reader of elements', () => {
  it.each([
    ['under', MAX_DER_BYTES - 1, true],
    ['at', MAX_DER_BYTES, true],
    ['over', MAX_DER_BYTES + 1, false],
  ])('takes an input %s its cap of bytes as it should', (_, bytes, taken) => {
    const open = () => DerCursor.over(Buffer.alloc(bytes));
    if (taken) expect(open).not.toThrow();
    else expect(open).toThrow(/X509_TOO_LARGE/);
  });

  it.each([
    ['at', MAX_DER_STEPS, true],
    ['over', MAX_DER_STEPS + 1, false],
  ])('takes a number of elements %s its cap as it should', (_, elements, taken) => {
    const cursor = DerCursor.over(Buffer.alloc(2 * elements));
    const walk = () => {
      while (cursor.hasMore) cursor.next();
    };
    if (taken) expect(walk).not.toThrow();
    else expect(walk).toThrow(/X509_TOO_COMPLEX/);
  });

  it.each([
    ['an indefinite length', '3080'],
    ['a length of five octets', '30850000000001ff'],
    ['a high tag number', '1f8101ff'],
    ['a length past the end', '3003ffff'],
    ['a length past 2^31', '3084ffffffff00'],
  ])('refuses %s', (_, hex) => {
    expect(() => DerCursor.over(Buffer.from(hex, 'hex')).next()).toThrow(X509Error);
  });

  it.each([
    ['0603550403', '2.5.4.3'],
    ['06032a0304', '1.2.3.4'],
    ['060488378203', '2.999.259'],
    ['060100', '0.0'],
  ])('reads the object identifier %s', (hex, text) => {
    expect(DerCursor.over(Buffer.from(hex, 'hex')).expect(TAG.objectIdentifier, 'it').objectIdentifier()).toBe(text);
  });

  it.each(['0600', '060180', '06022a80', `060a${'ff'.repeat(9)}7f`, `0641${'01'.repeat(65)}`])(
    'refuses the object identifier %s',
    (hex) => {
      expect(() => DerCursor.over(Buffer.from(hex, 'hex')).next().objectIdentifier()).toThrow(X509Error);
    },
  );
});
