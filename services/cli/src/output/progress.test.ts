import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createProgress, toDuration } from './progress.ts';

function pipe() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  }) as unknown as NodeJS.WriteStream;
  return { stream, lines };
}

it('progress into a pipe is one plain line every five seconds and one at the end', () => {
  const { stream, lines } = pipe();
  let at = 0;
  const progress = createProgress({ label: 'probing', total: 100, unit: 'targets', stream, now: () => at });
  at = 1_000;
  progress.update(10);
  expect(lines).toEqual([]);
  at = 5_000;
  progress.update(50);
  at = 6_000;
  progress.update(100, '7 found');
  progress.close();
  expect(lines).toEqual([
    'probing: 50/100 targets (50%), 10/s, 5s left\n',
    'probing: 100/100 targets (100%), 17/s, 7 found\n',
  ]);
});

it('a duration is read at a glance', () => {
  expect([0, 59, 61, 3600, 7380, Number.POSITIVE_INFINITY].map(toDuration)).toEqual([
    '0s',
    '59s',
    '1m01s',
    '1h00m',
    '2h03m',
    '-',
  ]);
});
