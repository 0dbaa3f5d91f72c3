import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Group, settleClaims } from './settle-claims.ts';

const SEED = 20_261_122;

/** Clusters that began in their number's census; marks that stood for one of them since a later one. */
const claim = fc
  .record({ cluster: fc.integer({ min: 1, max: 4 }), later: fc.nat({ max: 3 }) })
  .map(({ cluster, later }) => ({ clusterId: `c${cluster}`, firstCensus: cluster, since: cluster + later }));
const groups: fc.Arbitrary<Group[]> = fc.uniqueArray(
  fc.record({
    key: fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6'),
    foundingMark: fc.constantFrom('c1', 'm1', 'm2', 'm3'),
    byIdentity: fc.option(claim, { nil: null }),
    byFlowSchema: fc.option(claim, { nil: null }),
  }),
  { selector: ({ key }) => key, maxLength: 6 },
);
const isTaken = (id: string) => /^c\d$/.test(id);
const settle = (of: readonly Group[]) => settleClaims(of, { censusNumber: 9, isTaken });

it('whatever is claimed, every group is one cluster and no two are the same, in any order', () => {
  fc.assert(
    fc.property(groups, fc.infiniteStream(fc.nat()), (of, numbers) => {
      const settled = settle(of);
      expect(settled.map(({ key }) => key).sort()).toEqual(of.map(({ key }) => key).sort());
      expect(new Set(settled.map(({ clusterId }) => clusterId)).size).toBe(of.length);
      const shuffled = of.map((group) => ({ group, at: numbers.next().value })).sort((a, b) => a.at - b.at);
      expect(settle(shuffled.map(({ group }) => group))).toEqual(settled);
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

it('a header alone never takes a cluster from a certificate that stands for it', () => {
  fc.assert(
    fc.property(groups, (of) => {
      const settled = new Map(settle(of).map((one) => [one.key, one.clusterId]));
      for (const { clusterId } of of.flatMap(({ byIdentity }) => byIdentity ?? [])) {
        const winner = of.find(({ key }) => settled.get(key) === clusterId);
        // Nobody has it only where its holder goes on as an older cluster.
        if (winner !== undefined) expect(winner.byIdentity?.clusterId).toBe(clusterId);
      }
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

it('an id that was given before is given to no new cluster', () => {
  const fresh = (key: string): Group => ({ key, foundingMark: 'c1', byIdentity: null, byFlowSchema: null });
  expect(settle([fresh('a'), fresh('b')]).map(({ clusterId }) => clusterId)).toEqual(['c1~9', 'c1~9.2']);
});
