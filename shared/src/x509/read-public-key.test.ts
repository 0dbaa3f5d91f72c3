import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateDer, der } from '../../../test/support/der.ts';
import { readPublicKey } from './read-public-key.ts';

function certificateWith(keyInfo: Buffer): Buffer {
  return certificateDer({ keyInfo });
}

function rsaKeyInfo(modulus: Buffer, exponent: Buffer): Buffer {
  const algorithm = der(0x30, der(0x06, Buffer.from('2a864886f70d010101', 'hex')), der(0x05));
  return der(0x30, algorithm, der(0x03, Buffer.from([0]), der(0x30, der(0x02, modulus), der(0x02, exponent))));
}

describe('a key that signs handshakes is taken apart as the library exports it', () => {
  it.each([
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['P-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['Ed25519', () => generateKeyPairSync('ed25519')],
  ])('%s', (_, generate) => {
    const { publicKey } = generate();
    const keyInfo = publicKey.export({ type: 'spki', format: 'der' });
    expect(readPublicKey(certificateWith(keyInfo))).toEqual(publicKey.export({ format: 'jwk' }));
  });
});

it.each([
  ['a modulus under the smallest', rsaKeyInfo(Buffer.alloc(127, 0x7f), Buffer.from([3]))],
  ['a modulus over the largest', rsaKeyInfo(Buffer.alloc(1025, 0x7f), Buffer.from([3]))],
  ['an even modulus', rsaKeyInfo(Buffer.concat([Buffer.alloc(255, 0x7f), Buffer.from([2])]), Buffer.from([3]))],
  ['the exponent one', rsaKeyInfo(Buffer.alloc(256, 0x7f), Buffer.from([1]))],
  ['an even exponent', rsaKeyInfo(Buffer.alloc(256, 0x7f), Buffer.from([2]))],
  ['an exponent of five bytes', rsaKeyInfo(Buffer.alloc(256, 0x7f), Buffer.alloc(5, 1))],
  [
    'a compressed point',
    der(
      0x30,
      der(0x30, Buffer.from('06072a8648ce3d020106082a8648ce3d030107', 'hex')),
      der(0x03, Buffer.from([0, 2]), Buffer.alloc(32, 7)),
    ),
  ],
  [
    'a curve that signs no handshake here',
    der(
      0x30,
      der(0x30, Buffer.from('06072a8648ce3d020106052b8104000a', 'hex')),
      der(0x03, Buffer.from([0, 4]), Buffer.alloc(64, 7)),
    ),
  ],
])('%s is no key to verify with', (_, keyInfo) => {
  expect(readPublicKey(certificateWith(keyInfo))).toBeUndefined();
});

it('a modulus at the smallest and at the largest size is taken', () => {
  for (const bytes of [128, 1024]) {
    expect(readPublicKey(certificateWith(rsaKeyInfo(Buffer.alloc(bytes, 0x7f), Buffer.from([3]))))).toMatchObject({
      kty: 'RSA',
    });
  }
});
