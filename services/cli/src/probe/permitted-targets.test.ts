import { expect, test } from 'vitest';
import { permittedTargets } from './permitted-targets.ts';

// Targets are only named here: nothing of this file dials.
const terms = {
  ports: [6443],
  rate: 10,
  purpose: 'a survey',
  operator: { url: 'https://census.kube-survey.net', mail: 'ops@kube-survey.net' },
};

test('a public range is handed out with a journal, and refused without one', async () => {
  const without = permittedTargets(terms, ['8.8.8.0/30'], undefined);
  await expect(without.next()).rejects.toMatchObject({ code: 'JOURNAL_MISSING', exitCode: 2 });
  let count = 0;
  for await (const _ of permittedTargets({ ...terms, journal: 'probe.jsonl' }, ['8.8.8.0/30'], undefined)) count += 1;
  expect(count).toBe(4);
});

test('loopback needs no journal', async () => {
  const target = await permittedTargets({ ports: [6443] }, ['127.0.0.1'], undefined).next();
  expect(target.value).toMatchObject({ port: 6443 });
});
