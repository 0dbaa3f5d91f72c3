import { describe, expect, it } from 'vitest';
import { altNamesDer, certificateDer, der, dnsNameDer, extensionDer } from '../../../test/support/der.ts';
import { readCertificate } from './read-certificate.ts';
import { MAX_ALT_NAMES, readSubjectAltNames } from './subject-alt-names.ts';

function certificateOf(names: readonly Buffer[]): Buffer {
  return certificateDer({
    extensions: [extensionDer('551d0f', Buffer.from('03020520', 'hex')), altNamesDer(...names)],
  });
}

it('the fast reader and the whole reader agree', () => {
  const raw = certificateOf([dnsNameDer('kubernetes'), der(0x87, Buffer.from([10, 96, 0, 1])), dnsNameDer('a')]);
  expect(readSubjectAltNames(raw)).toEqual(readCertificate(raw).sans);
  expect(readSubjectAltNames(raw).dns).toEqual(['kubernetes', 'a']);
});

it('a certificate without alternative names has none', () => {
  expect(readSubjectAltNames(certificateDer())).toEqual({ dns: [], ip: [], uri: [], email: [], total: 0 });
});

describe('the number of names', () => {
  it.each([
    ['under', MAX_ALT_NAMES - 1, MAX_ALT_NAMES - 1],
    ['at', MAX_ALT_NAMES, MAX_ALT_NAMES],
    ['over', MAX_ALT_NAMES + 1, MAX_ALT_NAMES],
  ])('%s its cap is counted whole and kept to the cap', (_, total, kept) => {
    const names = readSubjectAltNames(
      certificateOf(Array.from({ length: total }, (__, index) => dnsNameDer(`n${index}`))),
    );
    expect(names.total).toBe(total);
    expect(names.dns).toHaveLength(kept);
    expect(names.dns.at(-1)).toBe(`n${kept - 1}`);
  });

  it('in 80 KB of the shortest names is counted', () => {
    const names = readSubjectAltNames(certificateOf(Array.from({ length: 27_000 }, () => dnsNameDer('a'))));
    expect(names.total).toBe(27_000);
  });
});

it('a name at its longest is whole, a longer one is cut', () => {
  const [whole = '', cut = ''] = readSubjectAltNames(
    certificateOf([dnsNameDer('a'.repeat(512)), dnsNameDer('a'.repeat(5000))]),
  ).dns;
  expect(whole).toBe('a'.repeat(512));
  expect(cut).toBe(`${'a'.repeat(511)}…`);
});

it('an address of no known length is kept as hex', () => {
  expect(readSubjectAltNames(certificateOf([der(0x87, Buffer.from([10, 0, 0]))])).ip).toEqual(['#0a0000']);
});

it('a DNS name with a NUL does not pass for the name before it', () => {
  expect(readSubjectAltNames(certificateOf([dnsNameDer('kubernetes\0.example')])).dns).toEqual([
    'kubernetes\ufffd.example',
  ]);
});
