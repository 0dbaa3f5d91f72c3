import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { COMMANDS } from '../services/cli/src/commands/index.ts';
import { run } from '../services/cli/src/program.ts';
import type { Terminal } from '../services/cli/src/terminal.ts';

const silent = () => new PassThrough() as unknown as NodeJS.WriteStream;
const program = new Command('kubecensus');
for (const { name, description, load } of COMMANDS) {
  const define = await load();
  const terminal = { stdin: new PassThrough(), stdout: silent(), stderr: silent() };
  define(program.command(name).description(description), terminal, () => undefined);
}

function helpOf(command: Command): string {
  let text = '';
  const keep = (part: string) => {
    text += part;
  };
  command.configureOutput({ writeOut: keep, writeErr: keep }).outputHelp();
  return text;
}

it('the README lists every command as the help does', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const section = readme.slice(readme.indexOf('## Commands'), readme.indexOf('## More'));
  const listed = [...section.matchAll(/^\| `([a-z]+)` \| (.+) \|$/gm)].map(([, name, text]) => [
    name,
    text?.replaceAll('`', ''),
  ]);
  expect(listed).toEqual(COMMANDS.map(({ name, description }) => [name, description]));
});

it('every command says what it does, and those with options show examples', () => {
  for (const command of program.commands) {
    expect(command.description(), command.name()).not.toBe('');
    if (command.name() !== 'migrate') expect(helpOf(command), command.name()).toContain('\nExamples:\n');
  }
});

it('the help costs no command: of the product, what it imports are its own small files and the error codes', () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: URL) => {
    if (seen.has(file.href)) return;
    seen.add(file.href);
    for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/^import (?!type).*? from '(.+)';$/gm)) {
      if (from.startsWith('.')) visit(new URL(from, file));
      else packages.add(from);
    }
  };
  visit(new URL('../services/cli/src/main.ts', import.meta.url));
  expect([...packages].sort()).toEqual(['@kubecensus/shared/errors', 'commander', 'node:fs']);
});

it('help names a command of a command as its --help does', async () => {
  const told = async (...args: string[]) => {
    const stdout = new PassThrough();
    const terminal = { stdin: new PassThrough(), stdout, stderr: silent() } as unknown as Terminal;
    expect(await run(args, terminal)).toBe(0);
    return String(stdout.read());
  };
  expect(await told('help', 'exclude', 'add')).toContain('Usage: kubecensus exclude add ');
  expect(await told('help', 'exclude', 'add')).toBe(await told('exclude', 'add', '--help'));
});
