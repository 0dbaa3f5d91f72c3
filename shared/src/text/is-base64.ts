const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Whether a text has only characters of base64 (RFC 4648 section 4), with two pads at most at its end. The engine
 * decodes it and passes over what is none, and then bytes are missing: a third of the time that looking at each takes.
 */
export function isBase64(text: string): boolean {
  const pads = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const characters = text.length - pads;
  // No byte is made of one character after the last four, so one that is passed over would not be missed.
  if (characters % 4 === 1) return BASE64.test(text);
  // The two of base64url are no strangers to the decoder.
  return Buffer.from(text, 'base64').length === (characters * 3) >>> 2 && !text.includes('-') && !text.includes('_');
}
