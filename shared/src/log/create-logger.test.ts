import { expect, test } from 'vitest';
import { createLogger } from './create-logger.ts';

function createRecorder(level: 'info' | 'silent') {
  const lines: string[] = [];
  return { lines, logger: createLogger({ name: 'seeder', level, write: (line) => lines.push(line) }) };
}

test('a line is one JSON object that names its service and its instant', () => {
  const { lines, logger } = createRecorder('info');
  logger.info({ shards: 3 }, 'planned');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name: 'seeder', msg: 'planned', shards: 3 });
  expect(JSON.parse(lines[0] ?? '').time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
});

test('no credential of an address reaches the log, wherever it stands', () => {
  const { lines, logger } = createRecorder('info');
  const url = 'postgres://census:hunter2@db.example:5432/kubecensus';
  logger.info({ nested: { url } }, `connecting to ${url}`);
  logger.error(new Error(`no answer from ${url}`));
  logger.info({ list: ['redis://:hunter2@cache.example', 'postgres://db.example/x?user=a&password=hunter2'] });
  expect(lines).toHaveLength(3);
  expect(lines.join('')).not.toContain('hunter2');
  expect(lines.join('')).toContain('postgres://***@db.example:5432/kubecensus');
});

test('an address without credentials stays as it is', () => {
  const { lines, logger } = createRecorder('info');
  logger.info('see https://census.example/about?mail=who@census.example');
  expect(lines[0]).toContain('https://census.example/about?mail=who@census.example');
});

test('below its level a logger says nothing', () => {
  const { lines, logger } = createRecorder('silent');
  logger.fatal('unheard');
  expect(lines).toEqual([]);
});
