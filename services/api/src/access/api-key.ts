import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'kc_';
/** 256 bits: nobody guesses it, so a plain hash keeps it. */
const KEY_BYTES = 32;
const KEY = /^kc_[A-Za-z0-9_-]{43}$/;

/** A new key, to be shown once. */
export function createKeyText(): string {
  return `${PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`;
}

/** What is kept of a key; undefined for a text that is none. */
export function toKeyHash(text: string): Buffer | undefined {
  return KEY.test(text) ? createHash('sha256').update(text).digest() : undefined;
}
