import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { apiSettings } from '../services/api/src/config.ts';
import { indexerSettings } from '../services/indexer/src/config.ts';
import { proberSettings } from '../services/prober/src/config.ts';
import { reporterSettings } from '../services/reporter/src/config.ts';
import { seederSettings } from '../services/seeder/src/config.ts';
import { type Setting, sharedSettings } from '../shared/src/config/index.ts';

const text = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
const composed = readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8');
const own: readonly Setting[] = [
  seederSettings,
  proberSettings,
  indexerSettings,
  apiSettings,
  reporterSettings,
].flatMap((settings) => Object.values<Setting>(settings));

it('the operations tell every variable of every service, with its default', () => {
  const told = [...text.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| .+ \|$/gm)].map(([, name, value]) => [name, value]);
  const known = new Map(own.map(({ variable, default: value }) => [variable, String(value ?? 'none')]));
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(known));
  expect(told).toHaveLength(known.size);
});

it('docker-compose.yml sets no variable that nothing reads', () => {
  const known = new Set([...own, ...Object.values<Setting>(sharedSettings)].map(({ variable }) => variable));
  const set = [...composed.matchAll(/^ +([A-Z][A-Z_]+): /gm)].map(([, name]) => name ?? '');
  expect(set.length).toBeGreaterThan(5);
  // What the image of PostgreSQL reads.
  expect(set.filter((name) => !known.has(name) && !name.startsWith('POSTGRES_'))).toEqual([]);
});
