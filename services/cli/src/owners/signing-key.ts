import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf, KubecensusError, toError } from '@kubecensus/shared/errors';
import { makeDirectories } from '@kubecensus/shared/files';

/** PKCS #8, PEM; readable for its owner alone. */
const FILE = 'signing-key.pem';

export type SigningKey = {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER in base64: what a receipt carries. */
  readonly publicKey: string;
};

/**
 * The Ed25519 key (RFC 8032) with which this data directory signs receipts and manifests; made at first use. Whoever
 * has the directory can sign in its name: keep it as the record itself.
 * @throws KubecensusError SIGNING_KEY_UNUSABLE
 */
export async function readOrCreateSigningKey(dataDir: string): Promise<SigningKey> {
  const file = path.join(dataDir, FILE);
  const known = await readSigningKey(dataDir);
  if (known !== undefined) return known;
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${file}.${process.pid}`;
  try {
    await makeDirectories(dataDir);
    await writeFile(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    // The first one stays: two commands that start at once sign with one key.
    await link(draft, file).catch((caught: unknown) => {
      if (errorCodeOf(caught) !== 'EEXIST') throw caught;
    });
  } catch (caught) {
    throw unusable(file, caught);
  } finally {
    await rm(draft, { force: true });
  }
  return (await readSigningKey(dataDir)) ?? toSigningKey(privateKey);
}

/** The key of the directory, where it has one. @throws KubecensusError SIGNING_KEY_UNUSABLE */
export async function readSigningKey(dataDir: string): Promise<SigningKey | undefined> {
  const file = path.join(dataDir, FILE);
  try {
    const key = createPrivateKey(await readFile(file));
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError(`it is of type ${key.asymmetricKeyType}`);
    return toSigningKey(key);
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return undefined;
    throw unusable(file, caught);
  }
}

/** SHA-256 of the public key, for people to compare. */
export function toKeyFingerprint(publicKey: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('base64url')}`;
}

function toSigningKey(privateKey: KeyObject): SigningKey {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return { privateKey, publicKey: der.toString('base64') };
}

function unusable(file: string, caught: unknown): KubecensusError {
  return new KubecensusError(
    'SIGNING_KEY_UNUSABLE',
    `the signing key ${file} cannot be used (${toError(caught).message}); give this user the right to read it, or move it away for a new one to be made`,
    { cause: caught },
  );
}
