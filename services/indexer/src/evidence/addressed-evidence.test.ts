import { expect, it } from 'vitest';
import type { Observation } from '../../../../shared/src/messages/index.ts';
import { apiServerSaying, lookWithout, presentApiServer } from '../../../../test/support/record.ts';
import { partsToFacts, toFacts } from '../fingerprint/index.ts';
import { toAddressedEvidence } from './addressed-evidence.ts';

const base = apiServerSaying('v1.29.4', '127.0.0.1', 1);
const { evidence } = base;
const flight = evidence.firstFlight;
const response = evidence.response;
if (flight === undefined || response === undefined || typeof flight.certificateRequest === 'string') {
  throw new TypeError('the fixture has lost what this test is about');
}
const request = flight.certificateRequest;

const hashOf = (observation: Observation) => toAddressedEvidence(observation)?.hash.toString('hex');
const withEvidence = (changed: Partial<Observation['evidence']>): Observation => ({
  ...base,
  evidence: { ...evidence, ...changed },
});

it('equal bytes have one hash, whoever showed them and when, and in whatever order their properties came', () => {
  const elsewhere: Observation = {
    ...base,
    address: '127.0.0.9',
    observedAt: 5,
    durationMs: 9,
    secondConnection: 'fallback',
  };
  const turned = Object.fromEntries(Object.entries(flight).reverse()) as unknown as typeof flight;
  expect(hashOf(elsewhere)).toBe(hashOf(base));
  expect(hashOf(withEvidence({ firstFlight: turned }))).toBe(hashOf(base));
});

it.each<[string, Observation]>([
  ['port', { ...base, port: 443 }],
  ['component', { ...base, component: 'kubelet' }],
  ['outcome', { ...base, outcome: 'present' }],
  ['reason', { ...base, reason: 'closed' }],
  ['chain', withEvidence({ chain: [...evidence.chain, ...evidence.chain] })],
  ['chain length', withEvidence({ chainLength: 7 })],
  ['cipher suite', withEvidence({ firstFlight: { ...flight, cipherSuite: 1 } })],
  ['server hello', withEvidence({ firstFlight: { ...flight, serverHello: 'AAAA' } })],
  ['certificate request', withEvidence({ firstFlight: { ...flight, certificateRequest: 'none' } })],
  [
    'order of the client CAs',
    withEvidence({
      firstFlight: { ...flight, certificateRequest: { ...request, clientCas: [...request.clientCas].reverse() } },
    }),
  ],
  [
    'lack of client CAs',
    withEvidence({ firstFlight: { ...flight, certificateRequest: { ...request, clientCas: [] } } }),
  ],
  ['status', withEvidence({ response: { ...response, status: 403 } })],
  ['headers', withEvidence({ response: { ...response, headers: [['server', 'x']] } })],
  ['body', withEvidence({ response: { ...response, body: '' } })],
])('another %s is other evidence', (_, changed) => {
  expect(hashOf(changed)).not.toBe(hashOf(base));
});

it('a look that saw nothing has no evidence', () => {
  expect(toAddressedEvidence(lookWithout('connection-refused', '127.0.0.1'))).toBeUndefined();
});

it('rules read the same of what came in and of what is stored', () => {
  for (const observation of [
    base,
    presentApiServer('127.0.0.1', 1),
    withEvidence({ firstFlight: { ...flight, certificateRequest: 'unknown' } }),
  ]) {
    const addressed = toAddressedEvidence(observation);
    if (addressed === undefined) throw new TypeError('no evidence');
    const stored = {
      chain: addressed.chain.map(({ der }) => der),
      chainLength: addressed.chainLength,
      clientCas: addressed.clientCas?.names ?? null,
      firstFlightJson: addressed.firstFlight?.json ?? null,
      response: addressed.response,
    };
    const { component, port, reason } = addressed;
    const facts = partsToFacts(stored, { component, port, reason });
    expect(facts).toEqual(toFacts(observation.evidence, port, component, reason ?? undefined));
    expect(facts.flight === undefined && facts.leaf === undefined).toBe(false);
  }
});
