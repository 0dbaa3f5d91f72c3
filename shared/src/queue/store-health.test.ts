import { describe, expect, it } from 'vitest';
import { createStoreHealth } from './store-health.ts';

const away = new Error('Connection is closed.');
const full = new Error('OOM command not allowed');

function watch() {
  const lines: string[] = [];
  const clock = { now: 0 };
  const keep = (_fields: object, line: string) => lines.push(line);
  const health = createStoreHealth({ info: keep, warn: keep, error: keep }, 'redis://here', () => clock.now);
  return { lines, clock, health };
}

describe('the health of a queue server', () => {
  it('is told once when it changes, however many calls fail', () => {
    const { lines, health } = watch();
    for (let call = 0; call < 1_000; call += 1) health.failed(away);
    health.answered();
    health.answered();
    expect(lines).toEqual([
      'the queue server redis://here is in trouble: Connection is closed.; start it or correct its address; work goes on by itself after that',
      'the queue server redis://here is well again',
    ]);
  });

  it('is told anew when the trouble becomes another', () => {
    const { lines, health } = watch();
    health.failed(away);
    health.failed(full);
    health.failed(full);
    expect(lines.map((line) => line.slice(29, 60))).toEqual([
      expect.stringContaining('in trouble: Connection'),
      expect.stringContaining('in trouble: OOM'),
    ]);
  });

  it('is not told of trouble that comes and goes within ten seconds', () => {
    const { lines, clock, health } = watch();
    for (let call = 0; call < 100; call += 1) {
      clock.now = call * 99;
      health.failed(full);
      health.answered();
    }
    expect(lines).toHaveLength(2);
    clock.now = 10_000;
    health.failed(full);
    expect(lines).toHaveLength(3);
  });

  it('is nobody else’s failure', () => {
    const { lines, health } = watch();
    expect(health.failed(new Error('the work failed'))).toBeUndefined();
    health.answered();
    expect(lines).toEqual([]);
  });
});
