import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../scripts/test.js', import.meta.url));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'kubecensus-suite-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Runs the test command on a suite of these files; the run's last line, what it complained of, and its exit code. */
async function run(files: Record<string, string>, limitMs?: number) {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(root, name), text);
  const words = ['--root', root, '--globals', ...(limitMs === undefined ? [] : [`--limit-ms=${limitMs}`])];
  return await new Promise<{ lastLine: string | undefined; complaints: string[]; exitCode: number }>((resolve) => {
    execFile(process.execPath, [SCRIPT, ...words], (error, stdout, stderr) => {
      resolve({
        lastLine: stdout.trimEnd().split('\n').at(-1),
        complaints: stderr.split('\n').filter((line) => line.startsWith('kubecensus: ')),
        exitCode: error === null ? 0 : Number(error.code),
      });
    });
  });
}

const PASSES = `test('adds', () => expect(1 + 1).toBe(2));`;

test('a suite that passes ends with its count and exit code 0', async () => {
  expect(await run({ 'a.test.js': PASSES })).toEqual({ lastLine: '1 passed, 0 failed', complaints: [], exitCode: 0 });
});

test('a failed test, a skipped one, a file that does not load, a process and a file left behind all count as failed', async () => {
  const end = await run({
    'a.test.js': PASSES,
    'fails.test.js': `test('adds wrongly', () => expect(1 + 1).toBe(3));`,
    'skips.test.js': `test.skip('needs a server', () => {});`,
    'loads.test.js': `throw new Error('no such module');`,
    'leaves.test.js': `import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
test('leaves', () => {
  mkdtempSync(tmpdir() + '/litter-');
  spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).unref();
});`,
  });
  expect(end.complaints).toEqual([
    expect.stringContaining('loads.test.js failed outside of its tests'),
    expect.stringContaining('not run: needs a server'),
    expect.stringMatching(/left running: process \d+ \(sleep 60\)/),
    expect.stringContaining('/litter-'),
  ]);
  expect(end).toMatchObject({ lastLine: '2 passed, 5 failed', exitCode: 1 });
});

test('a run that hangs is ended and fails', async () => {
  const end = await run({ 'a.test.js': `test('waits', () => new Promise(() => {}), 0);` }, 4_000);
  expect(end.complaints).toEqual([expect.stringContaining('the run hung: it was ended after 4 s')]);
  expect(end).toMatchObject({ lastLine: '0 passed, 1 failed', exitCode: 1 });
});

test('a run without any test fails', async () => {
  const end = await run({});
  expect(end).toMatchObject({ lastLine: '0 passed, 1 failed', exitCode: 1 });
});
