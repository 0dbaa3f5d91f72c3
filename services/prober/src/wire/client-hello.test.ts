import { expect, it } from 'vitest';
import { clientRandomOf, createClientHello } from './client-hello.ts';

const hellos = createClientHello('kubecensus scan.example.org');

it('is one handshake record of version 0x0301 with one TLS 1.2 ClientHello in it', () => {
  const hello = hellos.next();
  expect(hello.subarray(0, 3)).toEqual(Buffer.from([22, 3, 1]));
  expect(hello.readUInt16BE(3)).toBe(hello.length - 5);
  expect(hello[5]).toBe(1);
  expect(hello.readUIntBE(6, 3)).toBe(hello.length - 9);
  expect(hello.readUInt16BE(9)).toBe(0x0303);
});

it('carries the name in the client random, and fresh octets behind it', () => {
  const first = clientRandomOf(hellos.next());
  const second = clientRandomOf(hellos.next());
  expect(first.toString('latin1')).toMatch(/^kubecensus scan\.example\.org/);
  expect(first).toHaveLength(32);
  expect(first.subarray(0, 28)).toEqual(second.subarray(0, 28));
  expect(first.subarray(28)).not.toEqual(second.subarray(28));
});

it('cuts a long name before the fresh octets and writes no control characters', () => {
  const random = clientRandomOf(createClientHello(`kube\n${'x'.repeat(60)}`).next());
  expect(random.toString('latin1', 0, 28)).toBe(`kube?${'x'.repeat(23)}`);
});

it('keeps giving fresh octets when its store of them is used up', () => {
  const seen = new Set(Array.from({ length: 5000 }, () => clientRandomOf(hellos.next()).toString('hex', 28)));
  // 5,000 draws of 32 bits meet in under one in three hundred runs.
  expect(seen.size).toBeGreaterThan(4990);
});

it('says no server name and no ALPN, and nothing beyond what a TLS 1.2 handshake needs', () => {
  const hello = hellos.next();
  const suitesAt = 9 + 2 + 32 + 1;
  const suitesLength = hello.readUInt16BE(suitesAt);
  const suites = Array.from({ length: suitesLength / 2 }, (_, index) => hello.readUInt16BE(suitesAt + 2 + 2 * index));
  expect(suites.slice(0, 6)).toEqual([0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8]);
  expect(suites.at(-1)).toBe(0x00ff);
  let at = suitesAt + 2 + suitesLength + 2;
  const end = at + 2 + hello.readUInt16BE(at);
  const extensions: number[] = [];
  for (at += 2; at < end; at += 4 + hello.readUInt16BE(at + 2)) extensions.push(hello.readUInt16BE(at));
  expect(end).toBe(hello.length);
  // supported_groups, ec_point_formats, signature_algorithms, extended_master_secret
  expect(extensions).toEqual([10, 11, 13, 23]);
  expect(hello.includes(Buffer.from([0, 10, 0, 8, 0, 6, 0, 29, 0, 23, 0, 24]))).toBe(true);
});

it('says a server name only where one is given', () => {
  const named = createClientHello('kubecensus', 'api.example.org').next();
  expect(
    named.includes(Buffer.concat([Buffer.from([0, 0, 0, 20, 0, 18, 0, 0, 15]), Buffer.from('api.example.org')])),
  ).toBe(true);
  expect(named.readUInt16BE(3)).toBe(named.length - 5);
  expect(named.readUIntBE(6, 3)).toBe(named.length - 9);
});
