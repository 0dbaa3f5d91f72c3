import { createHmac } from 'node:crypto';
import type { CipherSuite } from './cipher-suites.ts';
import { HmacSha256 } from './hmac-sha256.ts';

const MASTER_SECRET_BYTES = 48;
const VERIFY_DATA_BYTES = 12;

/** What both ends know once the ClientKeyExchange is out. */
export interface KeyInputs {
  suite: CipherSuite;
  premasterSecret: Buffer;
  clientRandom: Buffer;
  serverRandom: Buffer;
  /** Both hellos carried the extension of RFC 7627. */
  isExtendedMasterSecret: boolean;
  /** Of all handshake messages up to the ClientKeyExchange. */
  sessionHash: Buffer;
}

export interface SessionKeys {
  masterSecret: Buffer;
  clientKey: Buffer;
  serverKey: Buffer;
  clientIv: Buffer;
  serverIv: Buffer;
}

/** Master secret and key block (RFC 5246 sections 8.1 and 6.3, RFC 7627 section 4). */
export function deriveSessionKeys(inputs: KeyInputs): SessionKeys {
  const { suite, premasterSecret, clientRandom, serverRandom } = inputs;
  const masterSecret = inputs.isExtendedMasterSecret
    ? prf(suite.hash, premasterSecret, 'extended master secret', inputs.sessionHash, MASTER_SECRET_BYTES)
    : prf(
        suite.hash,
        premasterSecret,
        'master secret',
        Buffer.concat([clientRandom, serverRandom]),
        MASTER_SECRET_BYTES,
      );
  const { keyBytes, fixedIvBytes } = suite;
  const length = 2 * (keyBytes + fixedIvBytes);
  const block = prf(suite.hash, masterSecret, 'key expansion', Buffer.concat([serverRandom, clientRandom]), length);
  const ivStart = 2 * keyBytes;
  return {
    masterSecret,
    clientKey: block.subarray(0, keyBytes),
    serverKey: block.subarray(keyBytes, ivStart),
    clientIv: block.subarray(ivStart, ivStart + fixedIvBytes),
    serverIv: block.subarray(ivStart + fixedIvBytes),
  };
}

/** The Finished message of one side over the hash of all messages before it (RFC 5246 section 7.4.9). */
export function finishedMessage(
  suite: CipherSuite,
  masterSecret: Buffer,
  side: 'client' | 'server',
  hash: Buffer,
): Buffer {
  const verifyData = prf(suite.hash, masterSecret, `${side} finished`, hash, VERIFY_DATA_BYTES);
  return Buffer.concat([FINISHED_HEADER, verifyData]);
}

const FINISHED_HEADER = Buffer.from([20, 0, 0, VERIFY_DATA_BYTES]);

/** A MAC under a fixed key. */
type Mac = (message: Buffer) => Buffer;

function createMac(hash: CipherSuite['hash'], secret: Buffer): Mac {
  if (hash === 'sha384') return (message) => createHmac(hash, secret).update(message).digest();
  const hmac = new HmacSha256(secret);
  return (message) => hmac.digest(message);
}

/** P_hash of TLS 1.2 (RFC 5246 section 5) over `label` and `seed`. */
export function prf(hash: CipherSuite['hash'], secret: Buffer, label: string, seed: Buffer, length: number): Buffer {
  return expand(createMac(hash, secret), label, seed, length);
}

function expand(mac: Mac, label: string, seed: Buffer, length: number): Buffer {
  const labelAndSeed = Buffer.concat([Buffer.from(label, 'latin1'), seed]);
  let a = mac(labelAndSeed);
  let output = mac(Buffer.concat([a, labelAndSeed]));
  while (output.length < length) {
    a = mac(a);
    output = Buffer.concat([output, mac(Buffer.concat([a, labelAndSeed]))]);
  }
  return output.subarray(0, length);
}
