import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { createInbox } from '../../../test/support/inbox.ts';
import { type Database, listen } from './index.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('a listener hears what is notified, after a first call to look for itself', async () => {
  const inbox = createInbox<string | undefined>();
  const listener = await listen({ url: database.url(), channel: 'exclusions', onNotice: inbox.put });
  await database.pool().query(`NOTIFY exclusions, '7'`);
  expect(await inbox.until(2)).toEqual([undefined, '7']);
  await listener.close();
});

test('a listener whose connection is cut listens again, and says that notices may have been missed', async () => {
  const inbox = createInbox<string | undefined>();
  const lost = createInbox<Error>();
  const listener = await listen({
    url: database.url(),
    channel: 'exclusions',
    onNotice: inbox.put,
    onLost: lost.put,
  });
  await database
    .pool()
    .query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`,
    );
  expect(await inbox.until(2)).toEqual([undefined, undefined]);
  expect(lost.items.length).toBeGreaterThan(0);
  await database.pool().query(`NOTIFY exclusions, '8'`);
  expect((await inbox.until(3)).at(-1)).toBe('8');
  await listener.close();
});

test('after close nothing is heard, and a second close is harmless', async () => {
  const inbox = createInbox<string | undefined>();
  const listener = await listen({ url: database.url(), channel: 'exclusions', onNotice: inbox.put });
  await Promise.all([listener.close(), listener.close()]);
  await database.pool().query(`NOTIFY exclusions, '9'`);
  expect(inbox.items).toEqual([undefined]);
});
