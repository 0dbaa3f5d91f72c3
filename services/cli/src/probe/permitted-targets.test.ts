import { formatAddress } from '@kubecensus/shared/addresses';
import type { KubecensusError } from '@kubecensus/shared/errors';
import { expect, test } from 'vitest';
import { permittedTargets } from './permitted-targets.ts';

// Targets are only named here: nothing of this file dials.
const terms = {
  ports: [6443],
  rate: 10,
  purpose: 'a survey',
  operator: { url: 'https://census.kube-survey.net', mail: 'ops@kube-survey.net' },
};

type Batches = ReturnType<typeof permittedTargets>;

async function namesOf(batches: Batches): Promise<string[]> {
  const names: string[] = [];
  for await (const { targets } of batches) {
    for (const { address, port } of targets) names.push(`${formatAddress(address)}:${port}`);
  }
  return names.sort();
}

function listOf(...chunks: string[]) {
  return { name: 'standard input', chunks };
}

/** What is told of lines that are left out. */
function createTold() {
  const told: string[] = [];
  return { told, onSkipped: ({ code, message }: KubecensusError) => void told.push(`${message} (${code})`) };
}

const { onSkipped } = createTold();

test('a public range is handed out with a journal, and refused without one', async () => {
  const without = permittedTargets({ ...terms, onSkipped }, ['8.8.8.0/30'], undefined);
  await expect(namesOf(without)).rejects.toMatchObject({ code: 'JOURNAL_MISSING', exitCode: 2 });
  const allowed = permittedTargets({ ...terms, onSkipped, journal: 'probe.jsonl' }, ['8.8.8.0/30'], undefined);
  expect(await namesOf(allowed)).toHaveLength(4);
});

test('loopback needs no journal', async () => {
  const names = await namesOf(permittedTargets({ ports: [6443], onSkipped }, ['127.0.0.1'], undefined));
  expect(names).toEqual(['127.0.0.1:6443']);
});

test('a line that is no target, or may not be looked at, is told with its place, and the others are handed out', async () => {
  const { told, onSkipped } = createTold();
  const input = listOf('127.0.0.1\nnonsense\n# a note\n10.0.0.1\n', '127.0.0.2:443\n', '240.0.0.1\n127.0.0.3,0\n');
  expect(await namesOf(permittedTargets({ ports: [6443], onSkipped }, [], input))).toEqual([
    '127.0.0.1:6443',
    '127.0.0.2:443',
  ]);
  expect(told).toEqual([
    expect.stringMatching(/^standard input line 2: "nonsense" .*; .* \(ADDRESS_HOST_NAME\)$/),
    expect.stringMatching(/^standard input line 4: 10\.0\.0\.1 is private; .* \(SCAN_PRIVATE_REFUSED\)$/),
    expect.stringMatching(/^standard input line 7: "127\.0\.0\.3,0" .*; .* \(ADDRESS_PORT\)$/),
    expect.stringMatching(/^standard input line 6: 240\.0\.0\.1 .*; .* \(SCAN_SPECIAL_REFUSED\)$/),
  ]);
});

test('a list in which no line is a target is refused at its end', async () => {
  const { told, onSkipped } = createTold();
  const batches = permittedTargets({ ports: [6443], onSkipped }, [], listOf('a\nb\n'));
  await expect(namesOf(batches)).rejects.toMatchObject({ code: 'ADDRESS_LIST_EMPTY' });
  expect(told).toHaveLength(2);
});

test('what is refused for the terms of the run ends it: no line could mend them', async () => {
  const { told, onSkipped } = createTold();
  const batches = permittedTargets({ ports: [6443], onSkipped }, [], listOf('127.0.0.1\n', '8.8.8.8\n', '127.0.0.2\n'));
  expect((await batches.next()).done).toBe(false);
  await expect(batches.next()).rejects.toMatchObject({ code: 'SCAN_CONTACT_MISSING' });
  expect(told).toEqual([]);
});

test('a wrong argument ends the run before anything is handed out', async () => {
  for (const value of ['nonsense', '10.0.0.1', '240.0.0.1']) {
    await expect(
      namesOf(permittedTargets({ ports: [6443], onSkipped }, ['127.0.0.1', value], undefined)),
    ).rejects.toThrow(value);
  }
});

test('each batch has its own rate where none is asked for: that of loopback, or that of private ranges', async () => {
  const request = { ports: [6443], allowPrivate: true, onSkipped };
  const paces = async (batches: Batches) => {
    const found: unknown[] = [];
    for await (const { rate, rateOrigin } of batches) found.push([rate, rateOrigin]);
    return found;
  };
  expect(await paces(permittedTargets(request, ['127.0.0.1'], listOf('10.0.0.1\n')))).toEqual([
    [5000, 'default-loopback'],
    [200, 'default-private'],
  ]);
  expect(await paces(permittedTargets({ ...request, rate: 7 }, ['127.0.0.1'], listOf('10.0.0.1\n')))).toEqual([
    [7, 'asked'],
    [7, 'asked'],
  ]);
});
