import { AddressSetBuilder, parseRange } from '@kubecensus/shared/addresses';
import { toExclusionSet } from '@kubecensus/shared/exclusions';
import { expect, it } from 'vitest';
import { createGate, GATE_STALE_MS } from './gate.ts';

function setOf(range: string) {
  return new AddressSetBuilder().add(parseRange(range)).build();
}

it('is closed until the exclusions were read, and again when that is five seconds ago', () => {
  let at = 0;
  const gate = createGate(() => at);
  expect(gate.isOpen()).toBe(false);
  gate.confirm(setOf('127.0.0.1'));
  at += GATE_STALE_MS - 1;
  expect(gate.isOpen()).toBe(true);
  at += 1;
  expect(gate.isOpen()).toBe(false);
  gate.confirm();
  expect(gate.isOpen()).toBe(true);
});

it('keeps the set that it was told until it is told another one', () => {
  const gate = createGate();
  expect(gate.excludes('127.0.0.1')).toBe(false);
  gate.confirm(setOf('127.0.0.0/31'));
  gate.confirm();
  expect(gate.excludes('127.0.0.1')).toBe(true);
  expect(gate.excludes('127.0.0.2')).toBe(false);
  gate.confirm(setOf('::1'));
  expect(gate.excludes('127.0.0.1')).toBe(false);
  expect(gate.excludes('::1')).toBe(true);
});

it('turns an IPv6 address away for the excluded IPv4 address inside it', () => {
  const since = new Date(0);
  const exclusions = [{ range: parseRange('127.0.0.0/31'), validFrom: since, validUntil: undefined }];
  const gate = createGate();
  gate.confirm(toExclusionSet(exclusions, new Date(1)));
  for (const inside of ['127.0.0.1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2002:7f00:1:ffff::9']) {
    expect([inside, gate.excludes(inside)]).toEqual([inside, true]);
  }
  for (const outside of ['127.0.0.2', '::ffff:127.0.0.2', '64:ff9b::7f00:2', '2002:7f00:2::', '::7f00:1']) {
    expect([outside, gate.excludes(outside)]).toEqual([outside, false]);
  }
});

it('lets those through who wait for it as soon as it opens, and those who give up', async () => {
  const gate = createGate();
  const stop = new AbortController();
  const order: string[] = [];
  const opened = gate.whenOpen(new AbortController().signal).then(() => order.push('opened'));
  const gaveUp = gate.whenOpen(stop.signal).then(() => order.push('gave up'));
  stop.abort();
  await gaveUp;
  gate.confirm();
  await opened;
  await gate.whenOpen(stop.signal);
  expect(order).toEqual(['gave up', 'opened']);
});
