import { createPublicKey, sign, verify } from 'node:crypto';
import { KubecensusError } from '@kubecensus/shared/errors';
import type { SigningKey } from './signing-key.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** What is said, by whom, and the proof. Whitespace and the order of names do not matter to it. */
export type SignedDocument<Content extends Json = Json> = {
  readonly content: Content;
  readonly algorithm: 'Ed25519';
  /** SubjectPublicKeyInfo, DER in base64. */
  readonly publicKey: string;
  /** Over the content's canonical bytes, base64. */
  readonly signature: string;
};

/** Largest document that is read back: a receipt has some 1 KB. */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;

export function signDocument<Content extends Json>(content: Content, key: SigningKey): SignedDocument<Content> {
  const signature = sign(null, toCanonicalBytes(content), key.privateKey).toString('base64');
  return { content, algorithm: 'Ed25519', publicKey: key.publicKey, signature };
}

/** True where the signature is the one of this content under the key that the document names. */
export function isSignatureGood({ content, publicKey, signature }: SignedDocument): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return (
      key.asymmetricKeyType === 'ed25519' &&
      verify(null, toCanonicalBytes(content), key, Buffer.from(signature, 'base64'))
    );
  } catch {
    return false; // no key, or none that OpenSSL reads
  }
}

/** @throws KubecensusError RECEIPT_UNREADABLE where the text is no signed document */
export function parseSignedDocument(text: string, name: string): SignedDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(name, 'it is no JSON', cause);
  }
  if (typeof value !== 'object' || value === null || !('content' in value)) throw unreadable(name, 'it has no content');
  const { algorithm, publicKey, signature } = value as Record<string, unknown>;
  if (algorithm !== 'Ed25519') throw unreadable(name, 'its algorithm is not Ed25519');
  if (typeof publicKey !== 'string' || typeof signature !== 'string') throw unreadable(name, 'it is not signed');
  return value as SignedDocument;
}

function unreadable(name: string, problem: string, cause?: unknown): KubecensusError {
  return new KubecensusError(
    'RECEIPT_UNREADABLE',
    `${name} is no signed document of kubecensus: ${problem}; give the file as \`exclude add\` or \`identify\` wrote it`,
    { cause },
  );
}

/** JSON without blanks, names of every object in the order of their UTF-16 units (as in RFC 8785). */
function toCanonicalBytes(content: Json): Buffer {
  const sorted = JSON.stringify(content, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return Buffer.from(sorted, 'utf8');
}
