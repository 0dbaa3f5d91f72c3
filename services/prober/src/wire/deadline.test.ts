import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadline } from './deadline.ts';

// Time stands still but for what a test lets pass.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function start(targetTimeoutMs: number, phaseTimeoutMs: number) {
  const expired = vi.fn();
  return { expired, deadline: new Deadline({ expired }, targetTimeoutMs, phaseTimeoutMs) };
}

/** Lets time pass, and then one turn of the event loop. */
async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

describe('the deadline of a phase', () => {
  it('has not passed a millisecond before it, and has at it', async () => {
    const { expired } = start(60_000, 3500);
    await pass(3499);
    expect(expired).not.toHaveBeenCalled();
    await pass(1);
    expect(expired).toHaveBeenCalledOnce();
  });

  it('is counted from the beginning of the phase, whatever the phase before it left over', async () => {
    const { expired, deadline } = start(60_000, 3500);
    await pass(1000);
    deadline.enter(5000);
    await pass(4999);
    expect(expired).not.toHaveBeenCalled();
    await pass(1);
    expect(expired).toHaveBeenCalledOnce();
  });

  it('comes early where the phase is shorter than what was left of the one before', async () => {
    const { expired, deadline } = start(60_000, 3500);
    deadline.enter(200);
    await pass(199);
    expect(expired).not.toHaveBeenCalled();
    await pass(1);
    expect(expired).toHaveBeenCalledOnce();
  });
});

describe('the deadline of a target', () => {
  it('ends phases that are each within their own', async () => {
    const { expired, deadline } = start(10_000, 3500);
    await pass(3400);
    deadline.enter(5000);
    await pass(4900);
    deadline.enter(5000);
    await pass(1699);
    expect(expired).not.toHaveBeenCalled();
    await pass(1);
    expect(expired).toHaveBeenCalledOnce();
  });

  it('at the end of a phase leaves that phase whole', async () => {
    const { expired, deadline } = start(8500, 3500);
    await pass(3500 - 1);
    deadline.enter(5000 + 1);
    await pass(5000);
    expect(expired).not.toHaveBeenCalled();
    await pass(1);
    expect(expired).toHaveBeenCalledOnce();
  });

  it('that is shorter than a phase is that phase too', async () => {
    const { expired } = start(200, 3500);
    await pass(199);
    expect(expired).not.toHaveBeenCalled();
    await pass(1);
    expect(expired).toHaveBeenCalledOnce();
  });

  it('that has passed gives a further phase no time', async () => {
    const { expired, deadline } = start(1000, 1000);
    await pass(999);
    deadline.enter(5000);
    await pass(1);
    expect(expired).toHaveBeenCalledOnce();
    await pass(60_000);
    expect(expired).toHaveBeenCalledOnce();
  });
});

it('what is over before its deadline never expires', async () => {
  const { expired, deadline } = start(1000, 500);
  await pass(499);
  deadline.over();
  deadline.over();
  await pass(60_000);
  expect(expired).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

it('what is over in the turn in which its timer runs does not expire', async () => {
  const { expired, deadline } = start(1000, 500);
  vi.advanceTimersByTime(500);
  // The sockets are read between the timer and the expiry.
  deadline.over();
  await pass(0);
  expect(expired).not.toHaveBeenCalled();
});

it('a phase that begins after its target had no time left, for this machine was busy, is heard once', async () => {
  const { expired, deadline } = start(600, 200);
  vi.advanceTimersByTime(1000);
  deadline.enter(200);
  await pass(0);
  expect(expired).not.toHaveBeenCalled();
  await pass(1);
  expect(expired).toHaveBeenCalledOnce();
});
