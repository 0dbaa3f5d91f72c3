import { describe, expect, it } from 'vitest';
import { createRedisRoom, readInfo } from './redis-room.ts';

const MIB = 1024 * 1024;

function room(usedBytes: number, maxBytes: number) {
  const seen = { looks: 0, usedBytes, now: 0 };
  const answer = async () => {
    seen.looks += 1;
    return `# Memory\r\nused_memory:${seen.usedBytes}\r\nmaxmemory:${maxBytes}\r\nmaxmemory_policy:noeviction\r\n`;
  };
  return { seen, room: createRedisRoom('redis://here', answer, () => seen.now) };
}

describe('the room of a Redis', () => {
  it.each([
    [899, 1000, true],
    [900, 1000, true],
    [901, 1000, false],
    [2 * MIB, 0, true],
  ])('%i of %i bytes used: there is room for adding: %s', async (used, max, hasRoom) => {
    const outcome = room(used, max).room.assertRoom(1);
    if (hasRoom) await outcome;
    else await expect(outcome).rejects.toMatchObject({ code: 'QUEUE_FULL' });
  });

  it('is looked at once a second, not with each message', async () => {
    const { seen, room: redis } = room(0, 1024 * MIB);
    for (let message = 0; message < 100; message += 1) await redis.assertRoom(500);
    expect(seen.looks).toBe(1);
    seen.now = 1_000;
    await redis.assertRoom(500);
    expect(seen.looks).toBe(2);
  });

  it('is looked at again before what was added can have used up the workers’ share', async () => {
    const { seen, room: redis } = room(0, 16 * MIB);
    // A sixteenth of a tenth of 16 MiB is 102 KiB.
    for (let message = 0; message < 3; message += 1) await redis.assertRoom(60 * 1024);
    expect(seen.looks).toBe(2);
  });

  it('is looked at by every add while there is none', async () => {
    const { seen, room: redis } = room(10, 10);
    await expect(redis.assertRoom(1)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    seen.usedBytes = 1;
    await redis.assertRoom(1);
    expect(seen.looks).toBe(2);
  });

  it('reads INFO by lines, and takes no heading or stray text for a field', () => {
    expect([...readInfo('# Memory\r\nused_memory:12\r\n\r\nos:Linux: x\nstray\n:x')]).toEqual([
      ['used_memory', '12'],
      ['os', 'Linux: x'],
    ]);
  });
});
