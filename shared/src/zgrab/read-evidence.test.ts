import { expect, it } from 'vitest';
import { certificateDer } from '../../../test/support/der.ts';
import type { Observation } from '../messages/index.ts';
import { readCertificate } from '../x509/index.ts';
import { ReadEvidence } from './read-evidence.ts';
import { toZgrabLine } from './to-zgrab-line.ts';

const der = certificateDer({ extensions: [] });
const observation = (evidence: Observation['evidence']): Observation => ({
  address: '127.0.0.1',
  port: 6443,
  component: 'kube-apiserver',
  outcome: 'not-component',
  observedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 67),
  durationMs: 1,
  evidence,
});

it('a line says the same whether its leaf was read before or is read for it', () => {
  const evidence = new ReadEvidence();
  evidence.chain = [der.toString('base64')];
  evidence.chainLength = 1;
  const unread = toZgrabLine(observation(evidence));
  evidence.keepLeaf(readCertificate(der));
  expect(toZgrabLine(observation(evidence))).toEqual(unread);
  expect(toZgrabLine(observation({ ...evidence }))).toEqual(unread);
});

it('what was read of a leaf is in no message', () => {
  const evidence = new ReadEvidence();
  evidence.keepLeaf(readCertificate(der));
  expect(JSON.parse(JSON.stringify(evidence))).toEqual({ chain: [], chainLength: 0 });
  expect(ReadEvidence.leafOf(structuredClone(evidence))).toBeUndefined();
});
