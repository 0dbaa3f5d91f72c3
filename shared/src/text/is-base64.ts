const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const IN_ALPHABET = new Uint8Array(128);
for (let at = 0; at < ALPHABET.length; at += 1) IN_ALPHABET[ALPHABET.charCodeAt(at)] = 1;

const PAD = 0x3d;

/** Whether a text has only characters of base64 (RFC 4648 section 4), with two pads at most at its end. */
export function isBase64(text: string): boolean {
  let end = text.length;
  if (end > 0 && text.charCodeAt(end - 1) === PAD) end -= 1;
  if (end > 0 && end < text.length && text.charCodeAt(end - 1) === PAD) end -= 1;
  for (let at = 0; at < end; at += 1) if (IN_ALPHABET[text.charCodeAt(at)] !== 1) return false;
  return true;
}
