/**
 * Characters that change how a terminal shows the text around them: C0 / C1 controls, directional marks, line
 * separators, lone surrogates, the byte order mark. JSON allows most of them raw; certificates of strangers carry them.
 */
const UNSAFE =
  /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** All that JSON.stringify leaves of a record without foreign text; a quick test, for most records are such. */
const PLAIN = /^[\x20-\x7e]*$/;

/** One JSON value on one line, safe to show: equal to `JSON.stringify(value)` for every JSON reader. */
export function toJsonLine(value: unknown): string {
  return toSafeLine(JSON.stringify(value));
}

/** The same of JSON on one line. */
export function toSafeLine(json: string): string {
  if (PLAIN.test(json)) return `${json}\n`;
  return `${json.replace(UNSAFE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
