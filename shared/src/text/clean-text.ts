/**
 * Characters that a terminal, a log, a database or a reader's eye may be led astray by: C0 and C1
 * controls (NUL, ESC, CR, LF), the bidirectional controls (UAX #9), line and paragraph separators,
 * invisible joiners and the byte order mark, and halves of surrogate pairs, which PostgreSQL refuses.
 */
const UNCLEAN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const REPLACEMENT = '\ufffd';

/**
 * Text of a stranger, made fit to store and show: each unclean character becomes U+FFFD, so the
 * length in UTF-16 units stays. What is left may still be markup or a formula: escape it again for
 * HTML, CSV and mail. Raw bytes belong beside it, never through it.
 *
 * @param maxLength UTF-16 units kept; a cut text ends in an ellipsis within that length.
 */
export function cleanText(text: string, maxLength = 4096): string {
  if (text.length <= maxLength && PRINTABLE_ASCII.test(text)) return text;
  const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
  return cut.replace(UNCLEAN, REPLACEMENT);
}

/** True when `cleanText` would give the text back as it is. */
export function isCleanText(text: string): boolean {
  return PRINTABLE_ASCII.test(text) || text.search(UNCLEAN) === -1;
}
