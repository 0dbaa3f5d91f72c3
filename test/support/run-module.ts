import { type ChildProcess, spawn } from 'node:child_process';

/** vite brings the module as vitest would: sources as they stand, no build before. */
const LOADER = `
  const { runnerImport } = await import('vite');
  await runnerImport(process.argv[1], { configFile: false, resolve: { conditions: ['source', 'node'] } });
`;

export interface RunModuleOptions {
  environment?: Readonly<Record<string, string>>;
  /** A program and its words that start the process in turn, such as `unshare --net`. */
  launcher?: readonly string[];
}

/** Runs a module of the tests in a process of its own, which can be killed. It talks by process.send(). */
export function runModule(
  file: string,
  words: readonly string[] = [],
  { environment = {}, launcher = [] }: RunModuleOptions = {},
): ChildProcess {
  const node = ['--input-type=module', '--eval', LOADER, '--', file, ...words];
  const [program = process.execPath, ...before] = launcher;
  return spawn(program, launcher.length === 0 ? node : [...before, process.execPath, ...node], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}
