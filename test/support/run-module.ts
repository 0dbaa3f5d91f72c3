import { type ChildProcess, spawn } from 'node:child_process';

/** vite brings the module as vitest would: sources as they stand, no build before. */
const LOADER = `
  const { runnerImport } = await import('vite');
  await runnerImport(process.argv[1], { configFile: false, resolve: { conditions: ['source', 'node'] } });
`;

/** Runs a module of the tests in a process of its own, which can be killed. It talks by process.send(). */
export function runModule(
  file: string,
  words: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '--eval', LOADER, '--', file, ...words], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}
