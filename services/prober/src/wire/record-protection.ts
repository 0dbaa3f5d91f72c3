import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { CipherSuite } from './cipher-suites.ts';
import { RECORD_HEADER_BYTES } from './tls-constants.ts';
import { WireError } from './wire-error.ts';

const TAG_BYTES = 16;
const AAD_BYTES = 13;
const NONCE_BYTES = 12;

/** One direction of a TLS 1.2 connection under an AEAD (RFC 5246 section 6.2.3.3, RFC 5288, RFC 7905). */
export class RecordProtection {
  readonly #suite: CipherSuite;
  readonly #key: Buffer;
  readonly #fixedIv: Buffer;
  /** No connection here protects 2^32 records. */
  #sequence = 0;

  constructor(suite: CipherSuite, key: Buffer, fixedIv: Buffer) {
    this.#suite = suite;
    this.#key = key;
    this.#fixedIv = fixedIv;
  }

  /** Bytes that `seal` writes for a plaintext. */
  sealedBytes(plaintextBytes: number): number {
    return RECORD_HEADER_BYTES + this.#suite.explicitNonceBytes + plaintextBytes + TAG_BYTES;
  }

  /** Writes one protected record at `at` and gives the offset behind it. */
  seal(type: number, plaintext: Buffer, target: Buffer, at: number): number {
    const explicit = this.#suite.explicitNonceBytes;
    const bodyStart = at + RECORD_HEADER_BYTES;
    target[at] = type;
    target.writeUInt16BE(0x0303, at + 1);
    target.writeUInt16BE(explicit + plaintext.length + TAG_BYTES, at + 3);
    if (explicit > 0) {
      target.writeUInt32BE(0, bodyStart);
      target.writeUInt32BE(this.#sequence, bodyStart + 4);
    }
    const nonce = this.#nonce(target, bodyStart);
    const cipher = createCipheriv(this.#suite.cipher as 'aes-128-gcm', this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(this.#additionalData(type, plaintext.length));
    let end = bodyStart + explicit;
    end += cipher.update(plaintext).copy(target, end);
    cipher.final();
    end += cipher.getAuthTag().copy(target, end);
    this.#sequence++;
    return end;
  }

  /** Opens the body of one record. @throws WireError when it was not sealed under our keys. */
  open(type: number, bytes: Buffer, start: number, end: number): Buffer {
    const explicit = this.#suite.explicitNonceBytes;
    const length = end - start - explicit - TAG_BYTES;
    if (length < 0) throw new WireError('WIRE_MALFORMED', `a protected record of ${end - start} bytes`);
    const nonce = this.#nonce(bytes, start);
    const decipher = createDecipheriv(this.#suite.cipher as 'aes-128-gcm', this.#key, nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(this.#additionalData(type, length));
    decipher.setAuthTag(bytes.subarray(end - TAG_BYTES, end));
    const plaintext = decipher.update(bytes.subarray(start + explicit, end - TAG_BYTES));
    try {
      decipher.final();
    } catch {
      throw new WireError('WIRE_BAD_MAC', `record ${this.#sequence} does not open`);
    }
    this.#sequence++;
    return plaintext;
  }

  #nonce(bytes: Buffer, explicitAt: number): Buffer {
    const nonce = Buffer.allocUnsafe(NONCE_BYTES);
    this.#fixedIv.copy(nonce);
    if (this.#suite.explicitNonceBytes > 0) bytes.copy(nonce, 4, explicitAt, explicitAt + 8);
    else nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ this.#sequence) >>> 0, 8);
    return nonce;
  }

  #additionalData(type: number, length: number): Buffer {
    const data = Buffer.allocUnsafe(AAD_BYTES);
    data.writeUInt32BE(0, 0);
    data.writeUInt32BE(this.#sequence, 4);
    data[8] = type;
    data.writeUInt16BE(0x0303, 9);
    data.writeUInt16BE(length, 11);
    return data;
  }
}
