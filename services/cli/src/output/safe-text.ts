import { toJsonLine } from './json-line.ts';

/** A stranger's text for a terminal: what would steer it is shown as its escape. */
export function toSafeText(text: string): string {
  return toJsonLine(text).trimEnd().slice(1, -1);
}
