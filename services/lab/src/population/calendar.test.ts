import { expect, it } from 'vitest';
import type { LabTruth } from '../truth.ts';
import { type Calendar, createCalendar } from './calendar.ts';
import { createLayout } from './layout.ts';

const WEEKS = [1, 2, 3, 4, 5, 6, 7, 8];

function calendar(seed: number, options: { hosts?: number; copies?: boolean } = {}): Calendar {
  const hosts = options.hosts ?? 300;
  const place = { network: '127.40.0.0', portShift: false, singleAddress: false, copies: options.copies ?? false };
  return createCalendar({ seed, hosts, layout: createLayout({ seed, hosts, ...place }) });
}

function apiServers(truths: readonly LabTruth[]): LabTruth[] {
  return truths.filter(({ component }) => component === 'kube-apiserver');
}

function byEndpoint(truths: readonly LabTruth[]): Map<string, LabTruth> {
  return new Map(truths.map((truth) => [`${truth.address}:${truth.port}`, truth]));
}

it('one seed gives one population in every week, whatever the order in which weeks are asked for', () => {
  const [left, right] = [calendar(5), calendar(5)];
  const late = left.truth(8);
  for (const week of WEEKS) expect(left.truth(week)).toEqual(right.truth(week));
  expect(late).toEqual(right.truth(8));
  expect(left.endpoints(3)).toEqual(right.endpoints(3));
});

it('another seed gives another population', () => {
  expect(calendar(5).truth(1)).not.toEqual(calendar(6).truth(1));
});

it.each([1, 2, 3])('with seed %i every transition happens, and each agrees with what the weeks show', (seed) => {
  const weeks = calendar(seed);
  const happened = new Set<string>();
  const everSeen = new Set<string>();
  for (const week of WEEKS) {
    const before = week === 1 ? new Map<string, LabTruth>() : byEndpoint(weeks.truth(week - 1));
    const now = byEndpoint(apiServers(weeks.truth(week)));
    for (const [endpoint, truth] of now) {
      happened.add(truth.transition);
      const wasPresent = before.get(endpoint)?.present ?? false;
      expect(truth.present).toBe(!['gone', 'not-reached'].includes(truth.transition));
      if (truth.transition === 'new') expect(everSeen.has(endpoint)).toBe(false);
      if (truth.transition === 'reappeared') expect([everSeen.has(endpoint), wasPresent]).toEqual([true, false]);
      if (truth.transition === 'unchanged' || truth.transition === 'changed') expect(wasPresent).toBe(true);
      if (truth.present) everSeen.add(endpoint);
    }
    for (const [endpoint, truth] of before) {
      if (truth.present) expect(now.has(endpoint), `${endpoint} of week ${week - 1}`).toBe(true);
    }
  }
  expect([...happened].sort()).toEqual(['changed', 'gone', 'new', 'not-reached', 'reappeared', 'unchanged']);
});

it('what is not reached times out in even weeks and resets in odd ones, and is back in the week after', () => {
  const weeks = calendar(2, { hosts: 100 });
  for (const week of WEEKS.slice(1)) {
    const away = weeks.truth(week).filter(({ transition }) => transition === 'not-reached');
    expect(new Set(away.map(({ kind }) => kind))).toEqual(new Set([week % 2 === 0 ? 'timing-out' : 'resetting']));
    const after = byEndpoint(weeks.truth(week + 1));
    for (const { address, port } of away) {
      expect(after.get(`${address}:${port}`)).toMatchObject({ present: true, transition: 'reappeared' });
    }
  }
});

it('clusters are upgraded, renew their certificates, close /version and move in the course of the weeks', () => {
  const weeks = calendar(9, { hosts: 400 });
  const seen = { upgraded: 0, closed: 0, moved: 0, renewed: 0 };
  for (const week of WEEKS.slice(1)) {
    const before = byEndpoint(weeks.truth(week - 1));
    for (const truth of apiServers(weeks.truth(week))) {
      const earlier = before.get(`${truth.address}:${truth.port}`);
      if (truth.transition === 'new') {
        const elsewhere = [...before.values()].some(
          ({ clusterId, address }) => clusterId === truth.clusterId && address !== truth.address,
        );
        if (elsewhere) seen.moved += 1;
      }
      if (truth.transition !== 'changed' || earlier === undefined) continue;
      if (earlier.answering && !truth.answering) seen.closed += 1;
      else if (earlier.gitVersion !== truth.gitVersion) seen.upgraded += 1;
      else seen.renewed += 1;
    }
  }
  expect(seen.upgraded).toBeGreaterThan(5);
  expect(seen.closed).toBeGreaterThan(5);
  expect(seen.moved).toBeGreaterThan(5);
  expect(seen.renewed).toBeGreaterThan(5);
});

it('no two hosts take one endpoint, and clusters with several addresses exist', () => {
  const weeks = calendar(4);
  for (const week of WEEKS) {
    const endpoints = weeks.endpoints(week).map(({ address, port }) => `${address}:${port}`);
    expect(new Set(endpoints).size).toBe(endpoints.length);
  }
  const sizes = new Map<string | null, number>();
  for (const { clusterId } of apiServers(weeks.truth(1))) sizes.set(clusterId, (sizes.get(clusterId) ?? 0) + 1);
  expect([...sizes.values()].filter((size) => size > 1).length).toBeGreaterThan(3);
});

it('a lab with copies has seventy clones of one image and two mirrored prefixes, told apart in the truth', () => {
  const plain = calendar(4, { hosts: 100 }).truth(1);
  expect(plain.filter(({ template, mirrored, replays }) => (template ?? mirrored ?? replays) !== undefined)).toEqual(
    [],
  );

  const weeks = calendar(4, { hosts: 100, copies: true });
  const truths = weeks.truth(2);
  const clones = truths.filter(({ template }) => template === 'template-1');
  expect(new Set(clones.map(({ clusterId }) => clusterId)).size).toBe(70);
  const mirrored = truths.filter((truth) => truth.mirrored === true);
  expect(new Set(mirrored.map(({ clusterId }) => clusterId))).toEqual(new Set(['mirror-1', 'mirror-2']));
  expect(mirrored.filter(({ clusterId }) => clusterId === 'mirror-1').length).toBe(64);
  expect(mirrored.filter(({ clusterId }) => clusterId === 'mirror-2').length).toBe(16 * 6);
  const strangers = truths.filter(({ replays }) => replays !== undefined);
  expect(strangers.length).toBe(3);
  for (const { replays, clusterId } of strangers) expect(clusterId).not.toBe(replays);
  const shown = weeks
    .endpoints(2)
    .filter(({ truth }) => truth.clusterId === 'mirror-1')
    .map(({ server }) => JSON.stringify(server));
  expect(new Set(shown).size).toBe(1);
});
