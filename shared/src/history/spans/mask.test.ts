import { expect, it } from 'vitest';
import { createRandom } from '../../../../test/support/recorded-history.ts';
import { keepMasked, pack, testMasked } from './mask.ts';

it.each([1, 65_536, 65_537, 300_001])('a mask of %i keeps and tests what its bytes say', (size) => {
  const random = createRandom(size);
  const bytes = Uint8Array.from({ length: size }, () => (random() < 0.3 ? 1 : 0));
  const numbers = Int32Array.from({ length: 5000 }, () => Math.floor(random() * size));
  const rows = Int32Array.from(numbers, (_, row) => row);
  const mask = pack(bytes);
  expect(mask.share).toBeCloseTo(bytes.filter((one) => one === 1).length / size);
  const wanted = [...rows].filter((row) => bytes[numbers[row] ?? 0] === 1);
  const result = new Uint8Array(rows.length);
  testMasked(mask, numbers, rows, rows.length, result);
  expect([...rows].filter((row) => result[row] === 1)).toEqual(wanted);
  const kept = keepMasked(mask, numbers, rows, rows.length);
  expect([...rows.subarray(0, kept)]).toEqual(wanted);
});

it('a mask of nothing keeps nothing out, and one in which all hold says so', () => {
  expect(pack(new Uint8Array()).share).toBe(1);
  expect(pack(new Uint8Array(70_000).fill(1)).share).toBe(1);
});
