import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { openExportSink } from './export-sink.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'export-sink-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const at = (name: string) => path.join(home, name);
const terminal = {} as Terminal;

async function exportTo(name: string, text: string): Promise<void> {
  const sink = await openExportSink(at(name), terminal);
  await sink.write(text);
  await sink.close();
}

test('a pipe gets the text and stays a pipe', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  const [read] = await Promise.all([readFile(at('pipe'), 'utf8'), exportTo('pipe', 'rows\n')]);
  expect(read).toBe('rows\n');
  expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  expect(readdirSync(home)).toEqual(['pipe']);
});

test('an export into a pipe that is given up leaves the pipe there', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  const reading = readFile(at('pipe'), 'utf8');
  const sink = await openExportSink(at('pipe'), terminal);
  await sink.write('part');
  await sink.discard();
  await reading;
  expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
});

test('a link stays a link, and the file that it names gets the text', async () => {
  mkdirSync(at('far'));
  writeFileSync(at('far/old.csv'), 'old');
  symlinkSync('far/old.csv', at('link'));
  symlinkSync('link', at('link-to-link'));
  await exportTo('link-to-link', 'new');
  expect(readFileSync(at('far/old.csv'), 'utf8')).toBe('new');
  expect(readdirSync(at('far'))).toEqual(['old.csv']);
  for (const name of ['link', 'link-to-link']) expect(lstatSync(at(name)).isSymbolicLink()).toBe(true);
});

test('a link to what is not there yet makes the file that it names', async () => {
  mkdirSync(at('far'));
  symlinkSync('far/new.csv', at('first'));
  symlinkSync('first', at('second'));
  await exportTo('second', 'text');
  expect(readFileSync(at('far/new.csv'), 'utf8')).toBe('text');
  expect(lstatSync(at('first')).isSymbolicLink()).toBe(true);
});

test('a file keeps its text until the export is whole, and lets in nobody else afterwards', async () => {
  writeFileSync(at('secret.csv'), 'old');
  chmodSync(at('secret.csv'), 0o600);
  writeFileSync(at('secret.csv.new'), 'of somebody else');
  const sink = await openExportSink(at('secret.csv'), terminal);
  await sink.write('part');
  expect(readFileSync(at('secret.csv'), 'utf8')).toBe('old');
  await sink.discard();
  expect(readFileSync(at('secret.csv'), 'utf8')).toBe('old');
  await exportTo('secret.csv', 'new');
  expect(readFileSync(at('secret.csv'), 'utf8')).toBe('new');
  expect(statSync(at('secret.csv')).mode & 0o777).toBe(0o600);
  expect(readFileSync(at('secret.csv.new'), 'utf8')).toBe('of somebody else');
  expect(readdirSync(home)).toEqual(['secret.csv', 'secret.csv.new']);
});

test('what no file can stand under is refused before anything is read', async () => {
  mkdirSync(at('directory'));
  symlinkSync('ring', at('ring'));
  writeFileSync(at('file'), '');
  for (const name of ['directory', 'ring', 'nowhere/file', 'file/below']) {
    await expect(openExportSink(at(name), terminal)).rejects.toMatchObject({ code: 'EXPORT_UNWRITABLE' });
  }
  expect(readdirSync(home)).toEqual(['directory', 'file', 'ring']);
});
