import type { Observation } from '@kubecensus/shared/messages';
import type { Outcome } from '@kubecensus/shared/vocabulary';
import { describe, expect, it } from 'vitest';
import { createPrefixPacer } from './prefix-pacer.ts';

function pacerAt(start = 0) {
  const clock = { at: start };
  const warnings: string[] = [];
  const pacer = createPrefixPacer(
    (line) => warnings.push(line),
    () => clock.at,
  );
  return { clock, warnings, pacer };
}

function came(address: string, outcome: Outcome, status?: number): Observation {
  const response = status === undefined ? {} : { response: { status, headers: [], body: '' } };
  return {
    address,
    port: 443,
    component: 'kube-apiserver',
    outcome,
    observedAt: 0,
    durationMs: 0,
    evidence: { chain: [], chainLength: 0, ...response },
  };
}

describe('the connects into one prefix', () => {
  it('are spaced evenly under a cap, each prefix by itself', () => {
    const { pacer } = pacerAt();
    pacer.setPerSecond(4);
    expect(['127.0.0.1', '127.0.0.9', '127.0.0.255'].map(pacer.reserve)).toEqual([0, 250, 500]);
    expect(pacer.reserve('127.0.1.1')).toBe(0);
    expect(['2001:db8:1::1', '2001:db8:1:ffff::2', '2001:db8:2::1'].map(pacer.reserve)).toEqual([0, 250, 0]);
  });

  it('begin at once again where there was a pause', () => {
    const { pacer, clock } = pacerAt();
    pacer.setPerSecond(4);
    pacer.reserve('127.0.0.1');
    clock.at += 10_000;
    expect(pacer.reserve('127.0.0.2')).toBe(0);
    expect(pacer.reserve('127.0.0.3')).toBe(250);
  });

  it('are not held up without a cap', () => {
    const { pacer } = pacerAt();
    for (let n = 0; n < 100; n += 1) expect(pacer.reserve('127.0.0.1')).toBe(0);
  });

  it('are twice as far apart after a 429, and again after the next, up to 64 times', () => {
    const { pacer, warnings } = pacerAt();
    pacer.setPerSecond(10);
    pacer.heed(came('127.0.0.1', 'answered', 429));
    expect([pacer.reserve('127.0.0.1'), pacer.reserve('127.0.0.2')]).toEqual([0, 200]);
    for (let n = 0; n < 20; n += 1) pacer.heed(came('127.0.0.1', 'answered', 429));
    const from = pacer.reserve('127.0.0.1');
    expect(pacer.reserve('127.0.0.1') - from).toBe(6400);
    expect(pacer.reserve('127.0.1.1')).toBe(0);
    expect(warnings).toEqual(['127.0.0.0/24 answered 429 (too many requests); it is dialled more slowly for 60 s']);
  });

  /** Whether two connects at once are held apart further than the cap of 1000/s asks for. */
  const isSpared = (pacer: ReturnType<typeof pacerAt>['pacer']) =>
    Math.abs(pacer.reserve('127.0.0.1') - pacer.reserve('127.0.0.1')) > 1;

  it('are spared under a cap after four resets in a row that follow an answer, for a minute', () => {
    const { pacer, clock, warnings } = pacerAt();
    pacer.setPerSecond(1000);
    pacer.reserve('127.0.0.1');
    pacer.heed(came('127.0.0.1', 'not-component'));
    for (let n = 0; n < 3; n += 1) pacer.heed(came('127.0.0.1', 'closed-silently'));
    expect(isSpared(pacer)).toBe(false);
    pacer.heed(came('127.0.0.1', 'closed-silently'));
    expect(isSpared(pacer)).toBe(true);
    expect(warnings).toEqual(['127.0.0.0/24 closed 4 connections in a row; it is dialled more slowly for 60 s']);
    clock.at += 60_000;
    expect(isSpared(pacer)).toBe(false);
  });

  it.each([
    ['a prefix that never said a word', ['closed-silently']],
    ['three resets and an answer, again and again', ['not-component', ...Array(3).fill('closed-silently')]],
    ['time-outs', ['not-component', 'connection-timeout', 'connection-timeout', 'connection-timeout']],
  ] as [string, Outcome[]][])('are not slowed down by %s', (_, outcomes) => {
    const { pacer } = pacerAt();
    pacer.setPerSecond(1000);
    pacer.reserve('127.0.0.1');
    for (let n = 0; n < 40; n += 1) pacer.heed(came('127.0.0.1', outcomes[n % outcomes.length] ?? 'malformed'));
    expect(isSpared(pacer)).toBe(false);
  });

  it('of very many prefixes are remembered only while they matter', () => {
    const { pacer, clock } = pacerAt();
    pacer.setPerSecond(1);
    for (let n = 0; n < 250_000; n += 1) {
      pacer.reserve(`${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}.1`);
      clock.at += 1;
    }
    expect(pacer.reserve(`1.0.0.1`)).toBe(0);
    expect(pacer.reserve(`1.0.0.1`)).toBe(1000);
  });
});
