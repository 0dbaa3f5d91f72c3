import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { type Bench, type BenchContext, isWithin } from './define-bench.ts';
import { figureText } from './figure-text.ts';

const BENCHES = new URL('./benches/', import.meta.url);

/** Every file of benches/, by name; a folder there holds the parts of a benchmark. */
function listNames(): string[] {
  return readdirSync(BENCHES)
    .filter((name) => name.endsWith('.js'))
    .map((name) => path.basename(name, '.js'))
    .sort();
}

async function load(name: string): Promise<Bench> {
  const { default: bench } = (await import(new URL(`${name}.js`, BENCHES).href)) as { default: Bench };
  return bench;
}

/** Shares and parts that may be left out; nothing is measured of any other thing that there is not. */
const MAY_BE_NOTHING: ReadonlySet<string> = new Set([
  'added',
  'change',
  'changed',
  'million',
  'record',
  'seed',
  'stall',
]);

/** Names of files and folders. */
const TEXTS: ReadonlySet<string> = new Set(['store']);

function readSettings(words: readonly string[], known: ReadonlySet<string>): ReadonlyMap<string, string> {
  return new Map(
    words.map((word): [string, string] => {
      const [name = '', value = ''] = word.split('=');
      if (!known.has(name))
        throw new RangeError(`--set ${name}: there is ${[...known].join(', ') || 'nothing to set'}`);
      if (TEXTS.has(name) && value !== '') return [name, value];
      const least = MAY_BE_NOTHING.has(name) ? 0 : 1;
      if (!/^\d{1,9}$/.test(value) || Number(value) < least)
        throw new RangeError(`--set ${word}: give a whole number from ${least} to 999999999`);
      return [name, value];
    }),
  );
}

function inWords(settings: Readonly<Record<string, number>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

const program = new Command('bench')
  .description('Measures, one line a figure. Speed is CPU per unit, beside a reference in the same run.')
  .argument('[names...]', 'what to measure, in full; when none is named all are run, in brief: at most 15 minutes')
  .option('--json', 'one JSON object a line')
  .option('--list', 'say what there is')
  .option('--set <name=value...>', 'another size or count than the default')
  .action(async (names: string[], options: { json?: boolean; list?: boolean; set?: string[] }) => {
    const there = listNames();
    const unknown = names.filter((name) => !there.includes(name));
    if (unknown.length > 0)
      throw new RangeError(`there is no benchmark ${unknown.join(', ')}; there is ${there.join(', ')}`);
    const chosen = new Map<string, Bench>();
    for (const name of names.length === 0 ? there : names) chosen.set(name, await load(name));
    if (options.list) {
      for (const [name, { about, settings }] of chosen) {
        process.stdout.write(`${name.padEnd(12)} ${about}\n`);
        for (const [setting, meaning] of Object.entries(settings)) {
          process.stdout.write(`${' '.repeat(15)}--set ${setting}=...: ${meaning}\n`);
        }
      }
      return;
    }
    const known = new Set([...chosen.values()].flatMap(({ settings }) => Object.keys(settings)));
    const settings = readSettings(options.set ?? [], known);
    const abort = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
    for (const [name, bench] of chosen) {
      const brief = names.length === 0 ? bench.inBrief : undefined;
      const directory = mkdtempSync(path.join(tmpdir(), `kubecensus-bench-${name}-`));
      const context: BenchContext = {
        number: (setting, fallback) => Number(settings.get(setting) ?? brief?.[setting] ?? fallback),
        text: (setting) => settings.get(setting),
        say: (line) => process.stderr.write(`${name}: ${line}\n`),
        directory,
        signal: abort.signal,
      };
      if (brief !== undefined) context.say(`in brief, as all are run (${inWords(brief)}); named, it runs in full`);
      try {
        for await (const figure of bench.run(context)) {
          process.stdout.write(`${options.json ? JSON.stringify(figure) : figureText(figure)}\n`);
          if (isWithin(figure) === false) process.exitCode = 3;
        }
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
      if (abort.signal.aborted) break;
    }
  });

try {
  await program.parseAsync();
} catch (caught) {
  process.stderr.write(`bench: ${caught instanceof RangeError ? caught.message : String((caught as Error).stack)}\n`);
  process.exitCode = caught instanceof RangeError ? 2 : 1;
}
