// Runs every test and ends with the line `N passed, N failed`. A skipped test, a run that hangs, and a process or a file
// that is left behind count as failures.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideServers } from './servers.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LIMIT_OPTION = '--limit-ms=';
/** Several times what the whole suite takes on two cores that are free: on a machine that others load it takes that long. */
const LIMIT_MS = Number(
  process.argv.find((word) => word.startsWith(LIMIT_OPTION))?.slice(LIMIT_OPTION.length) ?? 45 * 60_000,
);
/** What is still ending when the run is over gets this long before it counts as left behind. */
const SETTLE_MS = 5_000;

// As on most systems: tests lay out, as root, what PostgreSQL then reads as its own user. Those of a strict umask set it.
process.umask(0o022);

const problems = [];
let isHung = false;

/** Everything that the run starts or writes bears this directory's name. */
function createRunDirectory() {
  const directory = mkdtempSync(path.join(tmpdir(), 'kubecensus-run-'));
  // As open as the system's own: what runs as another user works here, too.
  chmodSync(directory, 0o1777);
  return directory;
}

async function runVitest(runDirectory, reportFile) {
  const vitest = path.join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2).filter((word) => !word.startsWith(LIMIT_OPTION)),
  ];
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Its own process group, so that a run that hangs can be ended with all that it started.
    detached: true,
    env: { ...process.env, TMPDIR: runDirectory },
  });
  const killGroup = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch (caught) {
      if (caught.code !== 'ESRCH') throw caught;
    }
  };
  const stop = () => killGroup('SIGKILL');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
  const timer = setTimeout(() => {
    isHung = true;
    problems.push(`the run hung: it was ended after ${LIMIT_MS / 1000} s`);
    stop();
  }, LIMIT_MS);
  const exitCode = await new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
  clearTimeout(timer);
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeListener(signal, stop);
  return exitCode;
}

/** Processes of this run that outlived it: [pid, command]. Needs /proc, as CI has. */
function listLeftProcesses(runDirectory) {
  if (!existsSync('/proc/self/environ')) return [];
  const left = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const isOurs =
        command.includes(runDirectory) ||
        readFileSync(`/proc/${pid}/environ`, 'utf8').includes(runDirectory) ||
        readlinkSync(`/proc/${pid}/cwd`).startsWith(runDirectory);
      if (isOurs && command !== '') left.push([Number(pid), command.slice(0, 120)]);
    } catch {
      // ended meanwhile, or another user's
    }
  }
  return left;
}

async function checkLeftovers(runDirectory) {
  const deadline = Date.now() + SETTLE_MS;
  let left = listLeftProcesses(runDirectory);
  while (left.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    left = listLeftProcesses(runDirectory);
  }
  for (const [pid, command] of left) {
    problems.push(`left running: process ${pid} (${command})`);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // ended by itself
    }
  }
  // A run that was cut off could not tidy up.
  if (isHung) return;
  for (const name of readdirSync(runDirectory)) problems.push(`left behind: ${path.join(runDirectory, name)}`);
}

function readReport(reportFile) {
  if (!existsSync(reportFile)) return { passed: 0, failed: 0 };
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  for (const file of report.testResults) {
    // A file that does not load has no test to fail.
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) {
      problems.push(`${path.relative(ROOT, file.name)} failed outside of its tests`);
    }
    for (const test of file.assertionResults) {
      if (test.status !== 'passed' && test.status !== 'failed') problems.push(`not run: ${test.fullName}`);
    }
  }
  return { passed: report.numPassedTests, failed: report.numFailedTests };
}

function finish(passed, failed) {
  for (const problem of problems) process.stderr.write(`kubecensus: ${problem}\n`);
  const allFailed = failed + problems.length;
  process.exitCode = allFailed === 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${allFailed} failed\n`);
}

async function main() {
  const missing = provideServers();
  if (missing !== undefined) {
    problems.push(missing);
    return finish(0, 0);
  }
  const runDirectory = createRunDirectory();
  const reportFile = path.join(runDirectory, 'report.json');
  try {
    const exitCode = await runVitest(runDirectory, reportFile);
    const { passed, failed } = readReport(reportFile);
    rmSync(reportFile, { force: true });
    await checkLeftovers(runDirectory);
    if (exitCode !== 0 && failed + problems.length === 0) problems.push(`vitest ended with exit code ${exitCode}`);
    if (exitCode === 0 && passed === 0) problems.push('no test was run');
    finish(passed, failed);
  } finally {
    rmSync(runDirectory, { recursive: true, force: true });
  }
}

await main();
