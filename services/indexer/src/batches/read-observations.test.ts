import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { apiServerSaying, presentApiServer } from '../../../../test/support/record.ts';
import { MAX_LINES, MAX_MALFORMED_BYTES, MAX_UNPACKED_BYTES, readObservations } from './read-observations.ts';

const pack = (text: string | Buffer) => gzipSync(text).toString('base64');
const line = JSON.stringify(presentApiServer('127.0.0.1', 1));

it('lines come out in their order with their numbers, with or without a last newline', () => {
  const other = JSON.stringify(apiServerSaying('v1.29.4', '127.0.0.2', 2));
  for (const text of [`${line}\n${other}\n`, `${line}\n${other}`]) {
    const { lines, malformed } = readObservations(pack(text));
    expect(lines.map(({ lineNumber, observation }) => [lineNumber, observation.address])).toEqual([
      [1, '127.0.0.1'],
      [2, '127.0.0.2'],
    ]);
    expect(malformed).toEqual([]);
  }
  expect(readObservations(pack(''))).toEqual({ lines: [], malformed: [] });
});

it('gzip members that follow one another are one batch', () => {
  const members = Buffer.concat([gzipSync(`${line}\n`), gzipSync(`${line}\n`)]);
  expect(readObservations(members.toString('base64')).lines).toHaveLength(2);
});

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['2001:0DB8:0:0::0001', '2001:db8::1'],
])('%s and its other spellings are one target', (spelt, canonical) => {
  const { lines } = readObservations(pack(JSON.stringify({ ...presentApiServer('127.0.0.1', 1), address: spelt })));
  expect(lines.map(({ observation }) => observation.address)).toEqual([canonical]);
});

it.each(['fe80::1%eth0', '127.0.0.01', 'example.org', '1.2.3'])('%s is the address of no target', (address) => {
  const { lines, malformed } = readObservations(pack(JSON.stringify({ ...presentApiServer('127.0.0.1', 1), address })));
  expect([lines.length, malformed.length]).toEqual([0, 1]);
});

it.each([
  [MAX_LINES - 1, MAX_LINES - 1, 0],
  [MAX_LINES, MAX_LINES, 0],
  [MAX_LINES + 1, MAX_LINES, 1],
  [MAX_LINES + 5, MAX_LINES, 1],
])('of %i lines %i are read, and what was not is said', (sent, read, malformed) => {
  const { evidence: _left, ...head } = presentApiServer('127.0.0.1', 1);
  const short = JSON.stringify({ ...head, evidence: { chain: [], chainLength: 0 } });
  const result = readObservations(pack(`${short}\n`.repeat(sent)));
  expect([result.lines.length, result.malformed.length]).toEqual([read, malformed]);
  if (malformed === 1) expect(result.malformed[0]?.error).toContain(`more than ${MAX_LINES} lines`);
});

it.each([
  [MAX_UNPACKED_BYTES - 1, 1],
  [MAX_UNPACKED_BYTES, 1],
  [MAX_UNPACKED_BYTES + 1, 0],
])('a batch that unpacks to %i bytes', (size, lines) => {
  const result = readObservations(pack(Buffer.from(`${line}\n`.padEnd(size, ' '))));
  expect(result.lines).toHaveLength(lines);
  expect(result.malformed[0]?.lineNumber).toBe(lines === 1 ? 2 : 0);
});

it.each([MAX_MALFORMED_BYTES - 1, MAX_MALFORMED_BYTES, MAX_MALFORMED_BYTES + 1])(
  'of a malformed line of %i bytes the beginning is kept',
  (size) => {
    const { malformed } = readObservations(pack('x'.repeat(size)));
    expect(malformed[0]?.bytes.length).toBe(Math.min(size, MAX_MALFORMED_BYTES));
  },
);

it('whatever a message carries, every line of it is read or kept as malformed, and nothing throws', () => {
  const lineLike = fc.oneof(
    fc.constant(line),
    fc.json(),
    fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' ')),
    fc.json().map((json) => line.replace('"evidence":', `"${json.slice(0, 5)}":`)),
  );
  fc.assert(
    fc.property(fc.array(lineLike, { maxLength: 20 }), (texts) => {
      const { lines, malformed } = readObservations(pack(texts.map((text) => `${text}\n`).join('')));
      expect(lines.length + malformed.length).toBe(texts.length);
      for (const { error } of malformed) expect(error).not.toMatch(/[\u0000-\u001f]/);
    }),
    { seed: 20_261_121, numRuns: 300 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
      ),
      (text) => {
        const { lines, malformed } = readObservations(text);
        expect([lines.length, malformed.length]).toEqual([0, 1]);
      },
    ),
    { seed: 20_261_121, numRuns: 300 },
  );
});
