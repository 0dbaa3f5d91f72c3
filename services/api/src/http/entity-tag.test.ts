import { expect, test } from 'vitest';
import { isKnownTag, toTag } from './entity-tag.ts';

const tag = toTag('answer');
const opaque = tag.slice(2);

test.each([tag, opaque, `"x", ${tag}`, `"x",${opaque} , "y"`, '*', ' * '])('%j spares the answer', (header) => {
  expect(isKnownTag(header, tag)).toBe(true);
});

test.each([undefined, '', '"x"', `${tag}x`, opaque.slice(1, -1), 'W/*', `W/W/${opaque}`])('%j does not', (header) => {
  expect(isKnownTag(header, tag)).toBe(false);
});
