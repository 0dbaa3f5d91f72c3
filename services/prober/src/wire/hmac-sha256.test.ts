import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HmacSha256 } from './hmac-sha256.ts';

it('is what the library computes, for any key and message', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 }),
      (key, messages) => {
        const hmac = new HmacSha256(key);
        for (const message of messages) {
          expect(hmac.digest(message)).toEqual(createHmac('sha256', key).update(message).digest());
        }
      },
    ),
    { seed: 20_261_121, numRuns: 500 },
  );
});

it('is what the library computes at every length around the ends of blocks', () => {
  const hmac = new HmacSha256(Buffer.alloc(48, 7));
  for (let length = 0; length <= 200; length++) {
    const message = Buffer.alloc(length, length);
    expect(hmac.digest(message)).toEqual(createHmac('sha256', Buffer.alloc(48, 7)).update(message).digest());
  }
});

it('takes a key of a block, and none that is longer', () => {
  expect(() => new HmacSha256(Buffer.alloc(64))).not.toThrow();
  expect(() => new HmacSha256(Buffer.alloc(65))).toThrow(RangeError);
});
