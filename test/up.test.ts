import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type RunningCommand, runCommand, startCommand } from './support/command.ts';
import { createPassableHome } from './support/laid-out-data.ts';

let home: string;
let dataDir: string;
let up: RunningCommand;
let lab: RunningCommand;
let targets: { ranges: string[]; ports: number[]; truth: string };

async function untilSaid(command: RunningCommand, text: string): Promise<void> {
  await vi.waitFor(() => expect(command.stderr() + (command.child.exitCode ?? '')).toContain(text), 120_000);
}

beforeAll(async () => {
  home = await createPassableHome();
  dataDir = path.join(home, 'data');
  const truth = path.join(home, 'truth.jsonl');
  lab = startCommand(['lab', '--hosts', '24', '--seed', '5', '--truth', truth, '--json']);
  up = startCommand(['up', '--data-dir', dataDir, '--probers', '1', '--revisit-delay', '0']);
  let printed = '';
  lab.child.stdout?.on('data', (text: string) => {
    printed += text;
  });
  await Promise.all([untilSaid(lab, 'Ctrl-C ends it'), untilSaid(up, 'Ctrl-C ends it')]);
  targets = JSON.parse(printed);
  // Loopback lies nowhere; an operator's own ranges say where the lab is.
  const ranges = path.join(home, 'ranges.csv');
  const lines = targets.ranges.map((range) => `${range},64500,"Lab, One",DE,labcloud`);
  writeFileSync(ranges, `prefix,asn,as_name,country,provider\n${lines.join('\n')}\n`);
  expect((await asGuest('tables', 'refresh', 'own-lab', ranges)).code).toBe(0);
}, 240_000);
afterAll(async () => {
  for (const command of [up, lab]) command?.child.kill('SIGTERM');
  await Promise.all([up?.ended, lab?.ended]);
  rmSync(home, { recursive: true, force: true });
});

const asGuest = (...args: string[]) => runCommand([...args, '--data-dir', dataDir]);

it('a scan beside `up` is done by its services, and every question is answered meanwhile', async () => {
  const scanned = ['--targets', ...targets.ranges, '--ports', targets.ports.join(',')];
  const scan = await asGuest('scan', ...scanned, '--json');
  expect(scan.stderr).toContain('its services do the looking');
  expect(scan.code).toBe(0);
  const result = JSON.parse(scan.stdout);
  expect(result).toMatchObject({ completed: true, resumed: false, lookedAt: result.targets });

  const truth = readFileSync(targets.truth, 'utf8').trimEnd().split('\n');
  const present = truth.map((line) => JSON.parse(line)).filter((endpoint) => endpoint.present);
  const counted = JSON.parse((await asGuest('count', '--json')).stdout);
  expect(counted.totals.present).toBe(present.length);

  const placed = JSON.parse((await asGuest('count', '--by', 'country,asn,provider', '--json')).stdout);
  expect(placed.rows).toMatchObject([
    { key: { country: 'DE', asn: 64500, provider: 'labcloud' }, present: present.length },
  ]);
  const somewhere = (await asGuest('search', 'country:DE as_name:"lab, *"', '--limit', '1000', '--json')).stdout;
  expect(somewhere.trimEnd().split('\n')).toHaveLength(present.length);

  expect(scan.stderr).toContain('is published');
  const trend = JSON.parse((await asGuest('trend', '--json')).stdout);
  expect(trend.total).toEqual([present.length]);
  // The report follows its publication.
  const reports = () => readdirSync(path.join(dataDir, 'reports')).filter((name) => name.endsWith('.html'));
  await vi.waitFor(() => expect(reports()).toHaveLength(1), 60_000);

  const listed = await asGuest('scans', '--json');
  expect(
    listed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ scanId: result.scan, kind: 'census', state: 'completed', lookedAt: result.targets }]);
  const table = (await asGuest('scans')).stdout.split('\n');
  expect(table[0]).toMatch(/^id +kind +series +state +progress +found +loss +as of +targets$/);
  expect(table[1]).toMatch(/^ *1 +census .* completed +100 %/);
  expect((await asGuest('scans', '--open')).stderr).toContain('no scan is under way');
}, 240_000);

it('the doctor sees the store of who has it, and everything that a scan needs', async () => {
  const { stdout, code } = await asGuest('doctor', '--json');
  const findings = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(findings.filter(({ state }) => state === 'bad')).toEqual([]);
  expect(code).toBe(0);
  const checks: string[] = findings.map(({ check }) => check);
  expect(checks.filter((check) => check === 'table').length).toBeGreaterThan(0);
  expect(checks.filter((check) => check !== 'table')).toEqual([
    'node',
    'descriptors',
    'clock',
    'data',
    'disk',
    'database',
    'clocks',
    'exclusions',
    'queue',
    'operator',
  ]);
});

it('a scan that is planned and left alone is found again by --resume', async () => {
  const planned = await asGuest('scan', '--targets', '127.200.0.0/28', '--ports', '9', '--detach', '--json');
  const { scan } = JSON.parse(planned.stdout);
  const resumed = await asGuest('scan', '--resume', scan, '--json');
  expect(JSON.parse(resumed.stdout)).toMatchObject({ scan, resumed: true, completed: true, targets: 16 });
  const none = await asGuest('scan', '--resume');
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(none.stderr).toContain('no scan is under way');
}, 180_000);

it('a check tells an owner what of a target is exposed, from where it looked, and how to close it', async () => {
  const truth = readFileSync(targets.truth, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const open = truth.find((endpoint) => endpoint.answering && endpoint.distribution !== 'unknown');
  const target = `${open.address}:${open.port}`;
  const checked = await asGuest('check', target, '127.202.0.1:9', '--all', '--json');
  expect(checked.code).toBe(1);
  const lines = checked.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(2);
  expect(lines.find((line) => line.target === target)).toMatchObject({
    exposure: 'says-version',
    isExposed: true,
    distribution: open.distribution,
    version: open.gitVersion,
    source: '127.0.0.1',
    inside: 'the target is this machine itself',
    close: expect.arrayContaining([expect.any(String)]),
    place: { asn: 64500, asName: 'Lab, One', country: 'DE', provider: 'labcloud' },
  });
  expect(checked.stderr).toContain('where addresses lie is said by own-lab');
  expect(lines.find((line) => line.target !== target)).toMatchObject({
    outcome: 'connection-refused',
    isExposed: false,
    close: [],
  });
  expect(checked.stderr).toContain('looked from 127.0.0.1');
  expect((await asGuest('check', '127.202.0.1:9')).code).toBe(0);

  const explained = (await asGuest('explain', open.address)).stdout;
  expect(explained).toContain(`${target}  kube-apiserver`);
  expect(explained).toMatch(/where: AS64500 Lab, One, DE, labcloud, by the tables of the census of \d/);
  expect(explained).toMatch(/rules that held: \w/);
  expect(explained).toMatch(/sighting: series .*, census 1 /);
  expect((await asGuest('explain', '127.202.0.1')).stderr).toContain('has no endpoint');
}, 180_000);

it('a check that is interrupted says what is left, and nobody looks at that later', async () => {
  const slow = startCommand(['check', '127.202.0.0/24', '--ports', '9', '--rate', '1', '--data-dir', dataDir]);
  const open = async () => (await asGuest('scans', '--open', '--json')).stdout;
  await vi.waitFor(async () => expect(await open()).toContain('"kind":"check"'), 60_000);
  slow.child.kill('SIGINT');
  const { code, stderr } = await slow.ended;
  expect(stderr).toMatch(/^kubecensus: ended early, with \d+ targets not looked at$/m);
  expect(code).toBe(3);
  expect(await open()).toBe('');
}, 180_000);

it('what was done to an address is told with its times, and what a probe without a database did is in its journal', async () => {
  const truth = readFileSync(targets.truth, 'utf8').trimEnd().split('\n');
  const { address, port } = JSON.parse(truth[0] ?? '');
  const journal = path.join(home, 'probe.jsonl');
  expect((await runCommand(['probe', `${address}:${port}`, '--journal', journal])).code).toBe(0);
  const told = await asGuest('touches', address, '--journal', journal, '--json');
  const touches = told.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const byScan = touches.filter((touch) => touch.scanId !== undefined);
  expect(byScan.length).toBeGreaterThanOrEqual(targets.ports.length);
  expect(byScan[0]).toMatchObject({ address, kind: 'census', state: 'contacted', purpose: 'lab' });
  const [connect, ...more] = touches.filter((touch) => touch.journal !== undefined);
  expect(connect).toMatchObject({ address, port, component: 'kube-apiserver', journal });
  // A server that speaks TLS 1.3 alone is dialled twice.
  expect(more.length).toBeLessThanOrEqual(1);
  expect((await asGuest('touches', '127.203.0.1')).stdout).toContain('no scan of this record had it');
}, 180_000);

it('a canary is added by its endpoint, listed, and removed by its number', async () => {
  const added = JSON.parse((await asGuest('canary', 'add', '127.0.0.9:10250', '--note', 'ours', '--json')).stdout);
  expect(added).toMatchObject({ address: '127.0.0.9', port: 10_250, component: 'kubelet', note: 'ours' });
  expect((await asGuest('canary', 'list')).stdout).toMatch(/127\.0\.0\.9:10250 +kubelet .* ours/);
  expect((await asGuest('canary', 'remove', String(added.canaryId))).code).toBe(0);
  expect((await asGuest('canary', 'remove', String(added.canaryId))).code).toBe(2);
}, 180_000);

it('a scan that is given up is looked at no more, and its series is free for another', async () => {
  const slow = ['--targets', '127.204.0.0/24', '--ports', '9', '--rate', '1'];
  const { scan } = JSON.parse((await asGuest('scan', ...slow, '--detach', '--json')).stdout);
  const [given] = (await asGuest('scans', '--abort', scan, '--limit', '1', '--json')).stdout.split('\n');
  expect(JSON.parse(given ?? '')).toMatchObject({ scanId: scan, state: 'aborted' });
  expect((await asGuest('scans', '--abort', scan)).code).toBe(2);
  expect((await asGuest('scan', '--resume', scan, '--json')).code).toBe(3);
  const next = JSON.parse((await asGuest('scan', ...slow, '--detach', '--json')).stdout);
  expect(next).toMatchObject({ resumed: false });
  expect((await asGuest('scans', '--abort', next.scan)).code).toBe(0);
}, 180_000);

it('an exclusion acts in the scan that is under way, and its receipt is good until a letter of it is changed', async () => {
  const slow = ['--targets', '127.201.0.0/24', '--ports', '9', '--rate', '16'];
  const { scan } = JSON.parse((await asGuest('scan', ...slow, '--detach', '--json')).stdout);
  const added = await asGuest('exclude', 'add', '127.201.0.0/24', '--by', 'noc', '--reason', 'asked by mail');
  expect(added.code).toBe(0);
  const receipt = JSON.parse(added.stdout);
  expect(receipt.content).toMatchObject({
    document: 'kubecensus exclusion receipt',
    exclusions: [{ id: 1, range: '127.201.0.0/24', storedRows: { removed: false } }],
    validUntil: null,
    requestedBy: 'noc',
  });
  const ended = JSON.parse((await asGuest('scan', '--resume', scan, '--json')).stdout);
  expect(ended.completed).toBe(true);
  expect(ended.outcomes.excluded).toBeGreaterThan(0);

  const file = path.join(home, 'receipt.json');
  writeFileSync(file, added.stdout);
  expect(await asGuest('exclude', 'verify', file)).toMatchObject({ code: 0, stdout: expect.stringContaining('good') });
  writeFileSync(file, added.stdout.replace('127.201.0.0/24', '127.201.0.0/25'));
  expect(await asGuest('exclude', 'verify', file)).toMatchObject({ code: 1, stdout: expect.stringContaining('bad') });

  expect((await asGuest('exclude', 'list')).stdout).toMatch(/1 +127\.201\.0\.0\/24 .* - +noc +asked by mail/);
  expect((await asGuest('exclude', 'remove', '127.201.0.0/25')).code).toBe(2);
  expect((await asGuest('exclude', 'remove', '127.201.0.0/24', '--json')).stdout).toBe('{"id":1,"ended":true}\n');
  expect((await asGuest('exclude', 'list')).stderr).toContain('nothing is excluded');
}, 240_000);

it('a purge leaves nothing of the range in the counts, and says so in the receipt', async () => {
  const purged = JSON.parse((await asGuest('exclude', 'add', ...targets.ranges, '--purge')).stdout);
  const stored = purged.content.exclusions.map((one: { storedRows: unknown }) => one.storedRows);
  expect(stored[0]).toMatchObject({ removed: true, openScans: [] });
  const endpoints = stored.map((rows: { endpoints: number }) => rows.endpoints);
  expect(Math.max(...endpoints)).toBeGreaterThan(0);
  const counted = JSON.parse((await asGuest('count', '--live', '--json')).stdout);
  expect(counted.totals.present).toBe(0);
}, 180_000);

it('a second `up` on the same data directory is refused, and the first ends in order on SIGTERM', async () => {
  const second = await runCommand(['up', '--data-dir', dataDir]);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(String(up.child.pid));
  up.child.kill('SIGTERM');
  expect((await up.ended).code).toBe(0);
});
