import { toJsonLine } from './json-line.ts';

/** A stranger's text for a terminal: what would steer it is shown as its escape. */
export function toSafeText(text: string): string {
  return toJsonLine(text).trimEnd().slice(1, -1);
}

/** A message that quotes a stranger's text, for a terminal: its own lines stand, nothing in them steers. */
export function toSafeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(STEERING, (character) => toSafeText(character)))
    .join('\n');
}

/** All that is no letter of plain text; quotes and backslashes steer nothing and stay as they are. */
const STEERING = /[^\x20-\x7e]/gu;
