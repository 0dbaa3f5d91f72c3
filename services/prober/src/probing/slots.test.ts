import { expect, it } from 'vitest';
import { createSlots } from './slots.ts';

const never = new AbortController().signal;

function held() {
  const ends: (() => void)[] = [];
  return { work: () => new Promise<void>((resolve) => ends.push(resolve)), end: () => ends.shift()?.(), ends };
}

it('no more targets are under way than there are slots, and each that ends lets one in', async () => {
  const slots = createSlots(3);
  const { work, end, ends } = held();
  let started = 0;
  const feeding = (async () => {
    for (; started < 10; started += 1) {
      await slots.whenFree(never);
      slots.run(work);
    }
  })();
  while (started < 10) {
    await new Promise(setImmediate);
    expect(ends.length).toBeLessThanOrEqual(3);
    end();
  }
  await feeding;
});

it('two that wait for a slot both get one', async () => {
  const slots = createSlots(1);
  const { work, end } = held();
  slots.run(work);
  const first = slots.whenFree(never).then(() => slots.run(work));
  const second = slots.whenFree(never).then(() => slots.run(work));
  await new Promise(setImmediate);
  end();
  await first;
  await new Promise(setImmediate);
  end();
  await second;
});

it('who gives up waiting takes no slot from another', async () => {
  const slots = createSlots(1);
  const { work, end } = held();
  const stop = new AbortController();
  slots.run(work);
  const gaveUp = slots.whenFree(stop.signal);
  const waiting = slots.whenFree(never);
  stop.abort();
  await gaveUp;
  await new Promise(setImmediate);
  end();
  await waiting;
});

it('trouble of this machine halves the slots once a burst, never below eight, and good ends give them back', async () => {
  let at = 1000;
  const slots = createSlots(20, () => at);
  slots.shrink();
  slots.shrink();
  expect(slots.limit).toBe(10);
  at += 500;
  slots.shrink();
  expect(slots.limit).toBe(8);
  for (let n = 0; n < 50 * 20; n += 1) {
    await slots.whenFree(never);
    slots.run(() => Promise.resolve());
  }
  await new Promise(setImmediate);
  expect(slots.limit).toBe(20);
});
