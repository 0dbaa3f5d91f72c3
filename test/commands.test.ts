import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { COMMANDS } from '../services/cli/src/commands/index.ts';

const silent = () => new PassThrough() as unknown as NodeJS.WriteStream;
const program = new Command('kubecensus');
for (const define of COMMANDS) {
  define(program, { stdin: new PassThrough(), stdout: silent(), stderr: silent() }, () => undefined);
}

function helpOf(command: Command): string {
  let text = '';
  const keep = (part: string) => {
    text += part;
  };
  command.configureOutput({ writeOut: keep, writeErr: keep }).outputHelp();
  return text;
}

it('the README lists every command, in the order of the help', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const section = readme.slice(readme.indexOf('## Commands'), readme.indexOf('## More'));
  const listed = [...section.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(program.commands.map((command) => command.name()));
});

it('every command says what it does, and those with options show examples', () => {
  for (const command of program.commands) {
    expect(command.description(), command.name()).not.toBe('');
    if (command.name() !== 'migrate') expect(helpOf(command), command.name()).toContain('\nExamples:\n');
  }
});
