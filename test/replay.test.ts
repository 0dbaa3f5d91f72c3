import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CertificatePool } from './support/prober/certificates.ts';
import { readRecording } from './support/prober/recordings.ts';

const SCRIPT = fileURLToPath(new URL('replay.js', import.meta.url));
const MAX_BYTES = 20_000;

type Line = {
  file: string;
  bytes?: number;
  result?: Record<string, unknown>;
  error?: { code: string };
  fault?: string;
  skipped?: string;
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kubecensus-replay-'));
  const { firstFlight = Buffer.alloc(0), answer = '' } = readRecording('kube-apiserver-defaults');
  const certificates = new CertificatePool();
  const write = (name: string, content: string | Buffer) => writeFileSync(path.join(folder, name), content);
  mkdirSync(path.join(folder, 'servers'));
  write('answer.http', answer);
  write('certificate.pem', certificates.apiServer('rsa').cert);
  write('empty', '');
  write('garbage', Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919 + 200) % 256)));
  write('large', Buffer.alloc(MAX_BYTES + 1));
  write('servers/alert', Buffer.from('15030100020246', 'hex'));
  write('servers/flight', firstFlight);
  write('version.json', answer.slice(answer.indexOf('\r\n\r\n') + 4));
  symlinkSync('..', path.join(folder, 'servers', 'up'));
  symlinkSync('/dev/zero', path.join(folder, 'zeros'));
  execFileSync('mkfifo', [path.join(folder, 'pipe')]);
  certificates.remove();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function replay(...args: string[]): Promise<{ exitCode: number; lines: Map<string, Line>; complaint: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter(Boolean);
      const exitCode = error === null ? 0 : Number(error.code);
      const read = lines.map((line) => JSON.parse(line) as Line);
      resolve({ exitCode, lines: new Map(read.map((line) => [line.file, line])), complaint: stderr });
    });
  });
}

const NOT_READ = {
  large: { skipped: `over ${MAX_BYTES} bytes` },
  pipe: { skipped: 'no regular file' },
  'servers/up': { skipped: 'a symbolic link' },
  zeros: { skipped: 'a symbolic link' },
};

it.each([
  [
    'record',
    {
      'servers/alert': { result: { progress: 'alert', alert: [2, 70] } },
      'servers/flight': { result: { progress: 'complete' } },
      'answer.http': { error: { code: 'WIRE_NOT_TLS' } },
      empty: { result: { progress: 'incomplete' } },
      garbage: { error: { code: 'WIRE_NOT_TLS' } },
    },
  ],
  [
    'flight',
    {
      'servers/flight': { result: { cipherSuite: 0xc02f, curve: 29, chainLength: 1, clientCas: 2 } },
      'servers/alert': { error: { code: 'WIRE_MALFORMED' } },
      empty: { error: { code: 'WIRE_MALFORMED' } },
    },
  ],
  [
    'certificate',
    {
      'certificate.pem': { result: { subject: 'CN=kube-apiserver', keyType: 'RSA-2048', key: 'usable', names: 3 } },
      empty: { error: { code: 'X509_TRUNCATED' } },
      garbage: { error: { code: 'X509_UNSUPPORTED_ENCODING' } },
    },
  ],
  [
    'http',
    {
      'answer.http': { result: { isComplete: true, status: 200, bodyBytes: 275 } },
      empty: { result: { isComplete: false } },
      garbage: { error: { code: 'WIRE_MALFORMED' } },
    },
  ],
  [
    'version',
    {
      'version.json': { result: { kind: 'version', gitVersion: 'v0.0.0-master+faecb196815e2' } },
      empty: { result: { kind: 'unreadable', reason: 'empty' } },
      garbage: { result: { kind: 'unreadable', reason: 'not-json' } },
    },
  ],
  [
    'tls',
    {
      'servers/flight': { result: { outcome: 'present', reason: 'false-start-refused', possession: 'failed' } },
      'servers/alert': { result: { outcome: 'handshake-refused', connections: 2 } },
      'answer.http': { result: { outcome: 'not-tls', connections: 1 } },
      empty: { result: { outcome: 'closed-silently', connections: 1 } },
      garbage: { result: { outcome: 'not-tls', connections: 1 } },
    },
  ],
] as [string, Record<string, Partial<Line>>][])(
  'the reader %s tells of each file what it is',
  async (reader, wanted) => {
    const { exitCode, lines } = await replay(
      reader,
      folder,
      '--max-bytes',
      String(MAX_BYTES),
      '--deadline-ms',
      '60000',
    );
    expect(lines.size).toBe(11);
    for (const [file, line] of Object.entries({ ...wanted, ...NOT_READ }))
      expect(lines.get(file), file).toMatchObject(line);
    expect([...lines.values()].filter(({ fault }) => fault !== undefined)).toEqual([]);
    // One file was too large to be read.
    expect(exitCode).toBe(3);
  },
);

it('one file is replayed too, and all replayed is exit code 0', async () => {
  const { exitCode, lines } = await replay('http', path.join(folder, 'answer.http'));
  expect([...lines.keys()]).toEqual(['answer.http']);
  expect(exitCode).toBe(0);
});

it('it stops at its number of files and says so', async () => {
  const { exitCode, lines, complaint } = await replay('version', folder, '--max-files', '2');
  expect(lines.size).toBe(2);
  expect(complaint).toContain('stopped after 2 files');
  expect(exitCode).toBe(3);
});

it.each([
  [['record'], 'takes a reader and a file'],
  [['toString', '.'], 'no reader is called toString'],
  [['http', '/nowhere/at/all'], '/nowhere/at/all does not exist'],
  [['http', '.', '--max-files', '0'], '--max-files is a whole number from 1'],
  [['http', '.', '--fast'], '--fast'],
])('%j is refused with the reason', async (args, reason) => {
  const { exitCode, complaint } = await replay(...args);
  expect(complaint).toContain(reason);
  expect(exitCode).toBe(2);
});

it('a place that cannot be read is one line, whatever is in the way', async () => {
  symlinkSync('loop', path.join(folder, 'servers', 'loop'));
  for (const [place, says] of [
    ['none', /^replay: .*none does not exist; --help tells more\n$/],
    ['servers/loop', /^replay: .*loop cannot be read \(ELOOP\); --help tells more\n$/],
    ['empty/below', /^replay: .*below cannot be read \(ENOTDIR\); --help tells more\n$/],
  ] as const) {
    const { exitCode, complaint } = await replay('http', path.join(folder, place));
    expect(complaint).toMatch(says);
    expect(exitCode).toBe(2);
  }
});
