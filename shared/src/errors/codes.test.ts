import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ERROR_CODES } from './codes.ts';

/** A row of docs/errors.md: | `CODE` | exit | meaning | what to do | */
const ROW = /^\| `([A-Z0-9_]+)` \| (\d) \| (.+?) \| (.+?) \|$/;

async function readDocumented(): Promise<Map<string, { exitCode: number; meaning: string; nextStep: string }>> {
  const text = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const rows = text.split('\n').flatMap((line) => {
    const match = ROW.exec(line);
    return match === null ? [] : [match];
  });
  return new Map(
    rows.map(([, code = '', exit, meaning = '', nextStep = '']) => [
      code,
      { exitCode: Number(exit), meaning, nextStep },
    ]),
  );
}

test('docs/errors.md explains every code, with the exit code and the meaning of the catalogue', async () => {
  const documented = await readDocumented();
  const catalogued = Object.entries(ERROR_CODES).map(([code, entry]) => [code, entry.exitCode, entry.meaning]);
  const explained = catalogued.map(([code]) => {
    const row = documented.get(String(code));
    return [code, row?.exitCode, row?.meaning];
  });
  expect(explained).toEqual(catalogued);
});

test('docs/errors.md explains no code that the catalogue does not have, and none twice', async () => {
  const documented = await readDocumented();
  expect([...documented.keys()].filter((code) => !(code in ERROR_CODES))).toEqual([]);
  const text = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  expect(text.match(/^\| `[A-Z0-9_]+` \|/gm)).toHaveLength(documented.size);
});

test('a code begins with its area, and the catalogue is in order', () => {
  const codes = Object.keys(ERROR_CODES);
  expect(codes.filter((code) => !/^[A-Z0-9]+(_[A-Z0-9]+)+$/.test(code))).toEqual([]);
  expect(codes).toEqual([...codes].sort());
});
