import { OUTCOMES, RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';
import { expect, test } from 'vitest';
import { toZgrabLine } from '../../../../shared/src/zgrab/index.ts';
import { apiServerRefusing, apiServerSaying, lookWithout, presentApiServer } from '../../../../test/support/record.ts';
import { classifyObservation } from './classify-observation.ts';

test('a server that tells its version is told by version, minor and marks', () => {
  const { fingerprint, exposure } = classifyObservation(apiServerSaying('v1.29.3-eks-adc7111', '127.0.0.1', 1)) ?? {};
  expect(fingerprint).toMatchObject({ version: 'v1.29.3-eks-adc7111', minor: '1.29', confidence: expect.any(String) });
  expect(fingerprint?.rules).toEqual(expect.arrayContaining([expect.stringMatching(/^eks\//)]));
  expect(fingerprint).not.toHaveProperty('bracket');
  expect(exposure).toMatchObject({ level: 'says-version', exact_san: true, answering: true });
});

test('a server that refuses is told without its version, by its marks and the bracket of its minor', () => {
  const { fingerprint, exposure } = classifyObservation(apiServerRefusing(403, '127.0.0.1', 1)) ?? {};
  expect(fingerprint).toMatchObject({ version: null, minor: null });
  expect(exposure).toMatchObject({ level: 'silent', silence: 'forbidden', answering: false });
});

test('a first flight of Go that never answered has a bracket', () => {
  const look = presentApiServer('127.0.0.1', 1);
  const flight = look.evidence.firstFlight;
  if (flight === undefined || typeof flight.certificateRequest === 'string') throw new Error('the test needs a flight');
  const request = { ...flight.certificateRequest, signatureAlgorithms: [0x0804, 0x0403, 0x0401, 0x0201] };
  const evidence = { ...look.evidence, firstFlight: { ...flight, certificateRequest: request } };
  const { fingerprint } = classifyObservation({ ...look, evidence }) ?? {};
  expect(fingerprint?.bracket).toMatchObject({ behaviour: 'extended-master-secret' });
});

test('strong marks of two distributions are both in the line', () => {
  const look = apiServerSaying('v1.29.3+k3s1', '127.0.0.1', 1);
  const { fingerprint } = classifyObservation(look) ?? {};
  expect(fingerprint).toHaveProperty('contradictions');
});

test('only what the record would keep is classified', () => {
  const classified = OUTCOMES.filter(
    (outcome) => classifyObservation({ ...presentApiServer('127.0.0.1', 1), outcome }) !== undefined,
  );
  expect(classified).toEqual([...RECORDED_OUTCOMES]);
  expect(classifyObservation(lookWithout('connection-refused', '127.0.0.1'))).toBeUndefined();
});

test('the verdict stands beside the status of its component; a plain line has none', () => {
  const look = apiServerSaying('v1.29.3', '127.0.0.1', 1);
  const plain = JSON.parse(toZgrabLine(look));
  const line = JSON.parse(toZgrabLine(look, classifyObservation(look)));
  expect(plain).not.toHaveProperty(['data', 'kube-apiserver', 'fingerprint']);
  expect(line).toHaveProperty(['data', 'kube-apiserver', 'fingerprint', 'version'], 'v1.29.3');
  expect(line).toHaveProperty(['data', 'kube-apiserver', 'exposure', 'level'], 'says-version');
  expect(line).toMatchObject(plain);
});
