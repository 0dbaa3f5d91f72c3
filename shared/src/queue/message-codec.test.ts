import fc from 'fast-check';
import Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { createMessageCodec } from './message-codec.ts';
import { MAX_MESSAGE_BYTES } from './queue-limits.ts';

const codec = createMessageCodec('text', Type.Object({ text: Type.String({ maxLength: 300_000 }) }));
const anything = createMessageCodec('any', Type.Unknown());
const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (caught) {
    return (caught as { code: string }).code;
  }
  return undefined;
};

describe('the gate of a queue', () => {
  it('measures a message in bytes of UTF-8, not in characters', () => {
    expect(codec.measureSendable({ text: 'a' })).toBe(12);
    expect(codec.measureSendable({ text: '\u20ac' })).toBe(14);
  });

  it.each([
    [MAX_MESSAGE_BYTES - 1, undefined],
    [MAX_MESSAGE_BYTES, undefined],
    [MAX_MESSAGE_BYTES + 1, 'QUEUE_MESSAGE_TOO_LARGE'],
  ])('a message of %i bytes comes to %s', (bytes, code) => {
    const text = 'x'.repeat(bytes - JSON.stringify({ text: '' }).length);
    expect(codeOf(() => codec.measureSendable({ text }))).toBe(code);
  });

  it.each([undefined, null, 1, 'text', [], {}, { text: 1 }, { text: null }])('%j is no message', (message) => {
    expect(codeOf(() => codec.measureSendable(message))).toBe('QUEUE_MESSAGE_INVALID');
    expect(codeOf(() => codec.parse(message))).toBe('QUEUE_MESSAGE_INVALID');
  });

  it('names the queue, the field and the rule, and not the value', () => {
    expect(() => codec.parse({ text: 12345 })).toThrow('a message for text: /text must be string; see its schema');
  });

  it('a NUL is unstorable wherever it stands, also in a name', () => {
    for (const message of ['\0', ['a\0'], { a: { b: '\0' } }, { '\0': 1 }, '\\\0', '\\\\\0']) {
      expect(codeOf(() => anything.measureSendable(message))).toBe('QUEUE_MESSAGE_UNSTORABLE');
    }
  });

  it('text that looks like an escape is storable', () => {
    for (const message of ['\\u0000', '\\\\u0000', '\\ud800', 'u0000', '\\', '\\\\', '\u0001', '\u{1f600}']) {
      expect(codeOf(() => anything.measureSendable(message))).toBeUndefined();
    }
  });

  it('text is unstorable exactly when it holds a NUL or is not well-formed', () => {
    const units = fc.oneof(
      fc.constantFrom('\\', 'u', '0', 'd', '8', 'f', '"', '\0', '\ud800', '\udbff', '\udc00', '\udfff', '\u{1f600}'),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    );
    fc.assert(
      fc.property(fc.string({ unit: units, maxLength: 30 }), (text) => {
        // UTF-8 holds no half of a pair, so such text does not come back the same.
        const isStorable = !text.includes('\0') && Buffer.from(text).toString() === text;
        expect(codeOf(() => anything.measureSendable(text)) === undefined).toBe(isStorable);
      }),
      { seed: 7, numRuns: 5_000 },
    );
  });
});
