import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isSignatureGood, parseSignedDocument, type SignedDocument, signDocument } from './signed-document.ts';
import { readOrCreateSigningKey, type SigningKey } from './signing-key.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'signing-'));
let key: SigningKey;
beforeAll(async () => {
  key = await readOrCreateSigningKey(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const content = { what: 'exclusion', ranges: ['192.0.2.0/24'], until: null, id: 7 };

test('a data directory keeps one key, and nobody else may read it', async () => {
  expect(await readOrCreateSigningKey(directory)).toMatchObject({ publicKey: key.publicKey });
  expect(statSync(path.join(directory, 'signing-key.pem')).mode & 0o777).toBe(0o600);
});

test('a key file that is none is named, with the next step', async () => {
  const broken = mkdtempSync(path.join(tmpdir(), 'signing-'));
  writeFileSync(path.join(broken, 'signing-key.pem'), 'nothing');
  await expect(readOrCreateSigningKey(broken)).rejects.toMatchObject({ code: 'SIGNING_KEY_UNUSABLE' });
  rmSync(broken, { recursive: true });
});

test('a document is good in any layout, and bad when one character of what it says is another', () => {
  const signed = signDocument(content, key);
  expect(isSignatureGood(parseSignedDocument(JSON.stringify(signed, null, 4), 'a file'))).toBe(true);
  const { what, ...rest } = content;
  const turned: SignedDocument = { ...signed, content: { ...rest, what } };
  expect(isSignatureGood(turned)).toBe(true);
  expect(isSignatureGood({ ...signed, content: { ...content, ranges: ['192.0.2.0/25'] } })).toBe(false);
  expect(isSignatureGood({ ...signed, content: { ...content, until: 'ever' } })).toBe(false);
});

test('no text makes the reader throw anything but its own error, or believe a signature', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), fc.string(), fc.string(), (text, publicKey, signature) => {
      try {
        expect(isSignatureGood(parseSignedDocument(text, 'a file'))).toBe(false);
      } catch (caught) {
        expect(caught).toMatchObject({ code: 'RECEIPT_UNREADABLE' });
      }
      expect(isSignatureGood({ content, algorithm: 'Ed25519', publicKey, signature })).toBe(false);
    }),
    { seed: 41, numRuns: 300 },
  );
});
