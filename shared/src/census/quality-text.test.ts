import { expect, it } from 'vitest';
import { toLossText, toShareText } from './quality-text.ts';

it.each([
  [{ connects: 99, packetsLost: null, targetsLost: null }, 'loss not measured'],
  [{ connects: 12_345, packetsLost: 0, targetsLost: 0 }, 'no loss seen in 12,345 connects'],
  [{ connects: 9000, packetsLost: 0.018, targetsLost: 1e-6 }, 'at least 1.8 % of packets lost'],
  [
    { connects: 9000, packetsLost: 0.3, targetsLost: 0.0681 },
    'at least 30 % of packets lost, and with them 6.8 % of what answers',
  ],
  [{ connects: 9000, packetsLost: 0, targetsLost: 0.03 }, 'at least 3 % of what answers lost, in bursts'],
])('a loss is told as a lower bound, and never as 0 where it was not measured: %j', (loss, text) => {
  expect(toLossText(loss)).toBe(text);
});

it.each([
  [0, '0 %'],
  [0.000_05, 'less than 0.01 %'],
  [0.0001, '0.01 %'],
  [0.979, '98 %'],
  [0.9999, '99.99 %'],
  [0.999_999, '100 %'],
  [1, '100 %'],
])('a share of %s is %s', (share, text) => {
  expect(toShareText(share)).toBe(text);
});
