import type { Target } from '@kubecensus/shared/addresses';
import { expect, test } from 'vitest';
import { permittedTargets } from './permitted-targets.ts';

// Targets are only named here: nothing of this file dials.
const terms = {
  ports: [6443],
  rate: 10,
  purpose: 'a survey',
  operator: { url: 'https://census.kube-survey.net', mail: 'ops@kube-survey.net' },
};

async function targetsOf(batches: AsyncIterable<Iterable<Target>>): Promise<Target[]> {
  const targets: Target[] = [];
  for await (const batch of batches) targets.push(...batch);
  return targets;
}

test('a public range is handed out with a journal, and refused without one', async () => {
  const without = permittedTargets(terms, ['8.8.8.0/30'], undefined);
  await expect(targetsOf(without)).rejects.toMatchObject({ code: 'JOURNAL_MISSING', exitCode: 2 });
  const allowed = permittedTargets({ ...terms, journal: 'probe.jsonl' }, ['8.8.8.0/30'], undefined);
  expect(await targetsOf(allowed)).toHaveLength(4);
});

test('loopback needs no journal', async () => {
  const targets = await targetsOf(permittedTargets({ ports: [6443] }, ['127.0.0.1'], undefined));
  expect(targets).toMatchObject([{ port: 6443 }]);
});
