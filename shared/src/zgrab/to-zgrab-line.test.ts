import fc from 'fast-check';
import { expect, it } from 'vitest';
import { certificateDer, nameDer } from '../../../test/support/der.ts';
import type { Evidence, Observation } from '../messages/index.ts';
import { parseZgrabLine } from './parse-zgrab-line.ts';
import { toZgrabLine } from './to-zgrab-line.ts';

const observation = (evidence: Evidence, more: Partial<Observation> = {}): Observation => ({
  address: '127.0.0.1',
  port: 6443,
  component: 'kube-apiserver',
  outcome: 'answered',
  observedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 67),
  durationMs: 0,
  evidence,
  ...more,
});

const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));
/** Every character that JSON, a terminal or a spreadsheet takes for more than a character. */
const hostile = fc.string({
  unit: fc.constantFrom('"', '\\', '\n', '\0', '\u001b', '\u202e', '<', '=', 'a', '\ud800', 'ü'),
});

const certificate = hostile.map((text) =>
  certificateDer({ subject: nameDer(text.slice(0, 30)), extensions: [] }).toString('base64'),
);
const firstFlight = fc.record<NonNullable<Evidence['firstFlight']>>(
  {
    tlsVersion: fc.constantFrom('tls10', 'tls12', 'tls13'),
    cipherSuite: fc.nat(0xffff),
    curve: fc.nat(0xffff),
    signatureAlgorithm: fc.nat(0xffff),
    extensions: fc.array(fc.nat(0xffff), { maxLength: 4 }),
    extendedMasterSecret: fc.boolean(),
    downgradeMark: fc.boolean(),
    sessionIdLength: fc.nat(32),
    certificateRequest: fc.oneof(
      fc.constantFrom('none' as const, 'unknown' as const),
      fc.record({
        types: fc.array(fc.nat(255), { maxLength: 3 }),
        signatureAlgorithms: fc.array(fc.nat(0xffff), { maxLength: 3 }),
        clientCas: fc.array(base64, { maxLength: 2 }),
      }),
    ),
    serverHello: base64,
  },
  { requiredKeys: ['tlsVersion', 'certificateRequest', 'serverHello', 'sessionIdLength'] },
);

it('a line is JSON on one line that is read back as what was written, whatever a stranger showed', () => {
  const evidences = fc.record({
    chain: fc.array(fc.oneof(certificate, base64), { minLength: 1, maxLength: 3 }),
    firstFlight,
    response: fc.record({
      status: fc.constantFrom(200, 401),
      headers: fc.array(fc.tuple(fc.constant('server'), hostile), { maxLength: 2 }),
      body: base64,
    }),
  });
  fc.assert(
    fc.property(evidences, fc.constantFrom('proved', 'failed'), ({ chain, ...rest }, possession) => {
      const written = observation({ chain, chainLength: chain.length + 1, ...rest }, { possession });
      const line = toZgrabLine(written);
      expect(line).not.toMatch(/[\n\r]/);
      expect(parseZgrabLine(JSON.parse(line))).toEqual([{ kind: 'found', observation: written }]);
    }),
    { seed: 4, numRuns: 300 },
  );
});

it('a leaf is shown as text beside its bytes', () => {
  const der = certificateDer({ subject: nameDer('a "name"'), extensions: [] });
  const line = toZgrabLine(
    observation({ chain: [der.toString('base64')], chainLength: 1 }, { outcome: 'not-component' }),
  );
  expect(JSON.parse(line)).toMatchObject({
    ip: '127.0.0.1',
    data: {
      'kube-apiserver': {
        status: 'protocol-error',
        protocol: 'kube-apiserver',
        port: 6443,
        error: 'not-component',
        result: {
          certificate: {
            raw: der.toString('base64'),
            subject: 'CN=a \\"name\\"',
            not_before: '2025-01-01T00:00:00.000Z',
            key_type: 'EC P-256',
            dns_names: [],
            ip_addresses: [],
          },
        },
      },
    },
  });
});

it('nothing seen is no result, and a verdict stands beside what was seen', () => {
  const refused = observation({ chain: [], chainLength: 0 }, { outcome: 'connection-refused' });
  const seen = { status: 'connection-refused', protocol: 'kube-apiserver', port: 6443, error: 'connection-refused' };
  const data = { 'kube-apiserver': { ...seen, timestamp: '2026-01-02T03:04:05.067Z' } };
  expect(JSON.parse(toZgrabLine(refused))).toEqual({ ip: '127.0.0.1', data });
  expect(JSON.parse(toZgrabLine(refused, {}))).toEqual({ ip: '127.0.0.1', data });
  const fingerprint = { distribution: 'k3s' };
  expect(JSON.parse(toZgrabLine(refused, { fingerprint }))).toMatchObject({
    data: { 'kube-apiserver': { fingerprint } },
  });
});

it.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [999, '1970-01-01T00:00:00.999Z'],
  [1000, '1970-01-01T00:00:01.000Z'],
  [1_767_323_045_007, '2026-01-02T03:04:05.007Z'],
  [1_767_323_045_070, '2026-01-02T03:04:05.070Z'],
])('the moment %d is written to the millisecond', (observedAt, timestamp) => {
  const line = toZgrabLine(observation({ chain: [], chainLength: 0 }, { observedAt }));
  expect(JSON.parse(line)).toMatchObject({ data: { 'kube-apiserver': { timestamp } } });
});
