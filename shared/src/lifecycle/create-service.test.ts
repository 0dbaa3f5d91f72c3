import { expect, test } from 'vitest';
import { createService, type ServiceScope } from './create-service.ts';

test('making a service does nothing until it is started', async () => {
  let begun = 0;
  const service = createService('prober', async () => {
    begun += 1;
  });
  expect(begun).toBe(0);
  await service.start();
  expect(begun).toBe(1);
});

test('close aborts the signal before it gives anything back', async () => {
  let abortedAtRelease: boolean | undefined;
  const service = createService('prober', async (scope) => {
    scope.onClose('socket', () => {
      abortedAtRelease = scope.signal.aborted;
    });
  });
  await service.start();
  await service.close();
  expect(abortedAtRelease).toBe(true);
});

test('a start that fails gives back what it had acquired and tells why', async () => {
  const order: string[] = [];
  const service = createService('indexer', async (scope) => {
    scope.onClose('pool', () => void order.push('pool'));
    throw new Error('no queue');
  });
  await expect(service.start()).rejects.toThrow('no queue');
  expect(order).toEqual(['pool']);
  await service.close();
  expect(order).toEqual(['pool']);
});

test('a close during the start waits for it and then gives everything back', async () => {
  const begun = createGate();
  const order: string[] = [];
  const service = createService('indexer', async (scope: ServiceScope) => {
    await begun.promise;
    scope.onClose('pool', () => void order.push('pool'));
  });
  const starting = service.start();
  const closing = service.close();
  begun.resolve();
  await Promise.all([starting, closing]);
  expect(order).toEqual(['pool']);
});

test('a service starts once and not after its close', async () => {
  const started = createService('api', async () => undefined);
  await started.start();
  await expect(started.start()).rejects.toMatchObject({ code: 'LIFECYCLE_STATE_WRONG' });
  const closed = createService('api', async () => undefined);
  await closed.close();
  await expect(closed.start()).rejects.toMatchObject({ code: 'LIFECYCLE_STATE_WRONG' });
});

function createGate(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
