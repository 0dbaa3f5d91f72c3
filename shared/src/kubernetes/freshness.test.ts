import { expect, it } from 'vitest';
import { SUPPORT_STATES, toFreshness } from './freshness.ts';
import { builtInReleases } from './releases.ts';
import { builtInSupportWindows } from './support-windows.ts';

it.each([
  ['2024-12-28', 'supported', 62],
  ['2024-12-29', 'maintenance', 61],
  ['2025-02-28', 'maintenance', 0],
  ['2025-03-01', 'end-of-life', -1],
])("upstream's 1.29 on %s is %s with %i days left", (day, state, daysLeft) => {
  const { upstream, vendor, state: overall } = toFreshness('1.29', 'kubeadm', day);
  expect(upstream).toMatchObject({ state, daysLeft, endsOn: '2025-02-28' });
  expect(vendor).toBeUndefined();
  expect(overall).toBe(state);
});

it.each([
  ['2025-03-23', 'supported', 0, 365],
  ['2025-03-24', 'extended', -1, 364],
  ['2026-03-23', 'extended', -365, 0],
  ['2026-03-24', 'end-of-life', -366, -1],
])("EKS' 1.29 on %s is %s, by its own window", (day, state, daysLeft, extendedDaysLeft) => {
  const { vendor, upstream, state: overall } = toFreshness('1.29', 'eks', day);
  expect(vendor).toMatchObject({ state, daysLeft, extendedDaysLeft });
  expect(upstream?.endsOn).toBe('2025-02-28');
  expect(overall).toBe(state);
});

it('a vendor with two steps of support has maintenance', () => {
  expect(toFreshness('1.29', 'gke', '2025-02-28').state).toBe('supported');
  expect(toFreshness('1.29', 'gke', '2025-03-01').state).toBe('maintenance');
});

it("OpenShift's own number stands beside the minor of Kubernetes", () => {
  expect(toFreshness('1.29', 'openshift', '2026-11-21').vendor).toMatchObject({
    product: '4.16',
    state: 'end-of-life',
  });
  expect(toFreshness('1.13', 'openshift', '2026-11-21').vendor?.product).toBe('4.1');
  expect(toFreshness('1.29', 'hypershift', '2026-11-21').vendor?.product).toBe('4.16');
});

it('an instant counts by its day in UTC', () => {
  const evening = new Date('2025-02-28T23:59:59.999Z');
  expect(toFreshness('1.29', 'kubeadm', evening).upstream?.daysLeft).toBe(0);
});

it('what no calendar says stays unsaid', () => {
  expect(toFreshness('1.99', 'kubeadm', '2026-11-21')).toEqual({ minor: '1.99' });
  expect(toFreshness('1.37', 'kubeadm', '2026-11-21')).toEqual({ minor: '1.37' });
  expect(toFreshness('1.29', 'talos', '2026-11-21').vendor).toBeUndefined();
});

it('support never comes back as days go by', () => {
  const days = Array.from({ length: 60 }, (_, month) => new Date(Date.UTC(2021, month, 15)));
  const minors = [...builtInReleases().keys()];
  const distributions = [
    'kubeadm',
    ...new Set([...builtInSupportWindows().values()].map(({ distribution }) => distribution)),
  ];
  for (const minor of minors) {
    for (const distribution of distributions) {
      const ranks = days.map((day) =>
        SUPPORT_STATES.indexOf(toFreshness(minor, distribution, day).state ?? 'supported'),
      );
      expect(ranks, `${distribution} ${minor}`).toEqual([...ranks].sort((a, b) => a - b));
    }
  }
});
