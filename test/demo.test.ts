import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from './support/command.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'demo-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Week = {
  week: number;
  count: {
    totals: { present: number; exactSan: number; answering: number; silent: Record<string, number> };
    rows: unknown[];
  };
  comparison: { compared: number; differences: unknown[] };
};

describe.each([1, 2, 3])('the demo with seed %i', (seed) => {
  it('counts what the lab knows to be true, endpoint by endpoint, in both weeks', { timeout: 180_000 }, async () => {
    const args = ['demo', '--hosts', '240', '--seed', String(seed), '--rate', '1500', '--json'];
    const { code, stdout, stderr } = await runCommand([...args, '--data-dir', path.join(directory, String(seed))]);
    const weeks = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Week);
    expect(
      weeks.map(({ comparison }) => comparison.differences),
      stderr,
    ).toEqual([[], []]);
    expect(code).toBe(0);
    for (const { count, comparison } of weeks) {
      const { present, answering, silent } = count.totals;
      expect(present).toBe(comparison.compared);
      expect(present).toBeGreaterThan(80);
      expect(answering + Object.values(silent).reduce((sum, n) => sum + n, 0)).toBe(present);
      expect(count.rows.length).toBeGreaterThan(8);
    }
    expect(weeks[0]?.count).not.toEqual(weeks[1]?.count);
  });
});
