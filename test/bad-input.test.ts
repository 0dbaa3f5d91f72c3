import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand, startCommand } from './support/command.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'bad-input-'));
const emptyFile = path.join(directory, 'empty.txt');
const dataDir = path.join(directory, 'data');
let closedPort = 0;

beforeAll(async () => {
  writeFileSync(emptyFile, '# nothing here\n');
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closedPort = (server.address() as net.AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const scan = (...args: string[]) => ['scan', '--data-dir', dataDir, ...args];
const contact = ['--operator-url', 'https://scan.example.org', '--operator-mail', 'ops@example.org'];

type Case = [what: string, args: () => string[], code: number, says: RegExp];

const CASES: Case[] = [
  ['a malformed target', () => scan('--targets', '10.0.0.256'), 2, /"10\.0\.0\.256".*;/],
  ['host bits under a prefix', () => scan('--targets', '127.0.0.1/24'), 2, /"127\.0\.0\.1\/24".*127\.0\.0\.0\/24/],
  ['a host name', () => scan('--targets', 'cluster.example.org'), 2, /"cluster\.example\.org".*;/],
  [
    'overlapping ranges',
    () => scan('--targets', '127.0.0.0/24', '127.0.0.128/25'),
    2,
    /127\.0\.0\.128\/25.*--merge-overlaps/,
  ],
  [
    'an IPv4-mapped v6 target',
    () => scan('--targets', '::ffff:127.0.0.1'),
    2,
    /"::ffff:127\.0\.0\.1".*write 127\.0\.0\.1/,
  ],
  ['a file without a target', () => scan('--targets-file', emptyFile), 2, /empty\.txt.*names no target/],
  [
    'a file that is not there',
    () => scan('--targets-file', path.join(directory, 'no.txt')),
    2,
    /no\.txt.*does not exist/,
  ],
  ['no target at all', () => scan(), 2, /--targets/],
  ['a port that is none', () => scan('--targets', '127.0.0.1', '--ports', '0'), 2, /"0" is no port/],
  ['no port', () => scan('--targets', '127.0.0.1', '--ports', ''), 2, /"" names no port; write them as/],
  [
    'a port that is no number',
    () => ['probe', '127.0.0.1', '--ports', '443,https'],
    2,
    /"https" is no port and no range/,
  ],
  ['a range of ports that ends before it begins', () => ['probe', '127.0.0.1', '-p', '9-7'], 2, /"9-7" .*; write 7-9/],
  ['a range of ports with one that is none', () => ['probe', '127.0.0.1', '-p', '1-65536'], 2, /"1-65536" is no port/],
  ['an unknown command', () => ['sacn'], 2, /unknown command 'sacn' .*scan.*; kubecensus --help/],
  ['a command without its argument', () => ['probe'], 2, /missing required argument 'target'; kubecensus probe --help/],
  ['a data directory without a name', () => ['scans', '--data-dir', ''], 2, /--data-dir names no directory/],
  [
    'a data directory where none can be made',
    () => ['exclude', 'add', '127.9.0.0/24', '--data-dir', '/proc/census'],
    2,
    /\/proc\/census .*--data-dir/,
  ],
  [
    'a data directory below a file',
    () => ['migrate', '--data-dir', path.join(emptyFile, 'data')],
    2,
    /empty\.txt\/data .*--data-dir/,
  ],
  [
    'a file for the truth that cannot be written',
    () => ['lab', '--hosts', '1', '--truth', path.join(directory, 'no/truth.jsonl')],
    1,
    /no\/truth\.jsonl .*--truth/,
  ],
  ['a rate that is none', () => scan('--targets', '127.0.0.1', '--rate', 'fast'), 2, /--rate.*whole number/],
  ['a private range', () => scan('--targets', '10.0.0.0/24'), 2, /10\.0\.0\.0\/24.*--allow-private/],
  ['a special-purpose range', () => scan('--targets', '240.0.0.0/8', ...contact), 2, /240\.0\.0\.0/],
  [
    'a public range without contact',
    () => scan('--targets', '8.8.8.0/24', '--rate', '10', '--purpose', 'test'),
    2,
    /operator URL is empty.*--operator-url/,
  ],
  [
    'a placeholder contact',
    () => scan('--targets', '8.8.8.0/24', '--rate', '10', '--purpose', 'test', ...contact),
    2,
    /scan\.example\.org.*placeholder.*--operator-url/,
  ],
  ['an unknown option', () => ['scan', '--target', '127.0.0.1'], 2, /unknown option '--target'/],
  [
    'an exclusion with host bits',
    () => ['exclude', 'add', '192.0.2.1/24', '--data-dir', dataDir],
    2,
    /192\.0\.2\.0\/24/,
  ],
  [
    'an exclusion that ended before it began',
    () => ['exclude', 'add', '192.0.2.0/24', '--until', '2020-01-01', '--data-dir', dataDir],
    2,
    /--until.*yet to come/,
  ],
  ['a check that is a scan', () => ['check', '127.0.0.0/8', '--data-dir', dataDir], 2, /65536 of one check.*--ports/],
  ['an explanation of a range', () => ['explain', '127.0.0.0/24', '--data-dir', dataDir], 2, /not one address; /],
  ['a receipt that is none', () => ['exclude', 'verify', emptyFile, '--data-dir', dataDir], 2, /empty\.txt.*no JSON; /],
  ['an unknown dimension', () => ['count', '--by', 'colour', '--data-dir', dataDir], 2, /"colour".*distribution/],
];

it.each(CASES)('%s is one clear line', async (_what, args, code, says) => {
  const end = await runCommand(args());
  expect(end.stderr).toMatch(says);
  expect(end.code).toBe(code);
  expect(end.stdout).toBe('');
  expect(end.stderr).toMatch(/^kubecensus: [^\n]+ \([A-Z]+(_[A-Z0-9]+)+\)\n$/);
});

it.each(['scan', 'probe', 'count', 'check'])(
  'with fewer open files than it takes to load it, %s ends with one coded line that says the limit',
  async (name) => {
    const args = { scan: ['--targets', '127.0.0.1'], probe: ['127.0.0.1:9'], check: ['127.0.0.1:9'] }[name] ?? [];
    const { code, stdout, stderr } = await runCommand([name, ...args], { openFiles: 100 });
    expect(stderr).toMatch(
      /^kubecensus: [^\n]*no more than 100 files[^\n]*ulimit -n \d+ \(SYSTEM_FILES_EXHAUSTED\)\n$/,
    );
    expect(stdout).toBe('');
    expect(code).toBe(1);
  },
);

it('the doctor names a limit of open files under which nothing else can be looked at', async () => {
  const { code, stdout, stderr } = await runCommand(['doctor'], { openFiles: 100 });
  expect(stdout).toMatch(/^bad {3}descriptors {2}100 open files, .*; raise it \(ulimit -n \d+\)$/m);
  expect(stdout).toMatch(/^ok {4}node /m);
  expect(stderr).toBe('');
  expect(code).toBe(1);
});

it.each([['scans'], ['scan', '--resume'], ['exclude', 'list'], ['canary', 'list'], ['explain', '127.0.0.1']])(
  'where nothing was ever stored, %s says so and makes no store',
  async (...args) => {
    const nothing = path.join(directory, 'nothing');
    const { code, stdout, stderr } = await runCommand([...args, '--data-dir', nothing]);
    expect(stderr).toMatch(/^kubecensus: there is no store in [^\n]*nothing[^\n]* \(STORE_EMPTY\)\n$/);
    expect([code, stdout]).toEqual([1, '']);
    expect(existsSync(nothing)).toBe(false);
  },
);

it('what is refused for its targets leaves no trace, not even a data directory', async () => {
  const untouched = path.join(directory, 'untouched');
  for (const target of ['10.0.0.256', '::ffff:127.0.0.1', '10.0.0.0/24', '8.8.8.8', '240.0.0.1']) {
    const { code } = await runCommand(['scan', '--targets', target, '--data-dir', untouched]);
    expect(code).toBe(2);
  }
  expect(existsSync(untouched)).toBe(false);
});

it('a dry run refuses what the scan would, prints what it would come to, and leaves no trace either', async () => {
  const untouched = path.join(directory, 'dry');
  const dry = (...args: string[]) => runCommand(['scan', '--dry-run', '--json', '--data-dir', untouched, ...args]);
  expect((await dry('--targets', '10.0.0.0/24')).code).toBe(2);
  const { code, stdout } = await dry('--targets', '127.0.0.0/16', '--ports', '443', '--rate', '1000', '--probers', '1');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ targets: 65_536, shards: 7, rate: 1000, prefixes: 256, seconds: 65.536 });
  expect(existsSync(untouched)).toBe(false);
});

it('the doctor ends with 1 where something is bad, and names it', async () => {
  const env = { DATABASE_URL: `postgres://census:hunter2@127.0.0.1:${closedPort}/census` };
  const { code, stdout } = await runCommand(['doctor', '--data-dir', path.join(directory, 'dry')], { env });
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`^bad   database .*127\\.0\\.0\\.1 port ${closedPort}.*; see that`, 'm'));
  expect(stdout).not.toContain('hunter2');
});

it('an unreachable DATABASE_URL is one line with host and port, and without the password', async () => {
  const env = { DATABASE_URL: `postgres://census:hunter2@127.0.0.1:${closedPort}/census` };
  const { code, stderr } = await runCommand(['count'], { env });
  expect(code).toBe(1);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).toContain(`127.0.0.1 port ${closedPort}`);
  expect(stderr).not.toContain('hunter2');
});

it('a DATABASE_URL that is none is named and not shown', async () => {
  const { code, stderr } = await runCommand(['count'], { env: { DATABASE_URL: 'mysql://u:hunter2@127.0.0.1/x' } });
  expect(code).toBe(2);
  expect(stderr).toContain('DATABASE_URL');
  expect(stderr).not.toContain('hunter2');
});

it('a busy data directory is one line with the directory and the owner', { timeout: 120_000 }, async () => {
  const busy = path.join(directory, 'busy');
  mkdirSync(busy);
  // A scan of one closed port at one connect a second is under way for as long as it is let.
  const owner = startCommand([
    'scan',
    '--data-dir',
    busy,
    '--targets',
    '127.200.0.0/24',
    '--ports',
    '9',
    '--rate',
    '1',
  ]);
  try {
    await expect.poll(() => owner.stderr() + (owner.child.exitCode ?? ''), { timeout: 60_000 }).toContain('scan:');
    const { code, stderr } = await runCommand(['migrate', '--data-dir', busy]);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(busy);
    expect(stderr).toContain(String(owner.child.pid));
  } finally {
    owner.child.kill('SIGTERM');
  }
  expect((await owner.ended).code).toBe(3);
});
