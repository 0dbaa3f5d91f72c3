import { expect, test } from 'vitest';
import { toStandingText, toVersionStanding } from './freshness-text.ts';

const on = new Date('2026-11-22T00:00:00Z');

function supportOf(distribution: string, minor: string): string | undefined {
  const standing = toVersionStanding({ version: null, minor, distribution }, 'kube-apiserver', on);
  return standing === undefined ? undefined : toStandingText(standing)[0];
}

test('where a vendor sells support beyond its end, both ends are told', () => {
  expect(supportOf('eks', '1.24')).toBe(
    'support: end-of-life (until 2024-01-31, 1026 days ago; extended support ended 660 days ago)',
  );
});

test('where nobody sells any, one end is told', () => {
  expect(supportOf('kubeadm', '1.24')).toMatch(/^support: end-of-life \(until 2023-07-28, \d+ days ago\)$/);
});

test('of a version that no calendar knows nothing is told', () => {
  expect(supportOf('kubeadm', '1.99')).toBeUndefined();
});
