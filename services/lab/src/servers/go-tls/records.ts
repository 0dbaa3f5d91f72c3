import { createCipheriv, createDecipheriv } from 'node:crypto';

export const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

/** RFC 5246 section 6.2.3: 2^14 bytes of content and at most 2^11 of what protection adds. */
const MAX_RECORD_BYTES = 16_384 + 2048;
const HEADER_BYTES = 5;
const TAG_BYTES = 16;

export interface TlsRecord {
  type: number;
  body: Buffer;
}

export function toRecord(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type, 3, 3, body.length >> 8, body.length & 0xff), body]);
}

/** Cuts whole records off a stream. Throws where a header is none of TLS' or a record is over the limit. */
export class RecordCutter {
  waiting: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): TlsRecord[] {
    this.waiting = this.waiting.length === 0 ? bytes : Buffer.concat([this.waiting, bytes]);
    const records: TlsRecord[] = [];
    while (this.waiting.length >= HEADER_BYTES) {
      const [type = 0, major = 0] = this.waiting;
      const length = this.waiting.readUInt16BE(3);
      if (type < 20 || type > 23 || major !== 3) throw new RangeError(`no TLS record: type ${type}, version ${major}`);
      if (length > MAX_RECORD_BYTES) throw new RangeError(`a record of ${length} bytes is over ${MAX_RECORD_BYTES}`);
      if (this.waiting.length < HEADER_BYTES + length) break;
      records.push({ type, body: this.waiting.subarray(HEADER_BYTES, HEADER_BYTES + length) });
      this.waiting = this.waiting.subarray(HEADER_BYTES + length);
    }
    return records;
  }
}

/** One direction of AES-128-GCM (RFC 5288). Go sends the sequence number as the visible part of the nonce. */
export class RecordProtection {
  readonly key: Buffer;
  readonly salt: Buffer;
  sequence = 0n;

  constructor(key: Buffer, salt: Buffer) {
    this.key = key;
    this.salt = salt;
  }

  private next(): Buffer {
    const sequence = Buffer.alloc(8);
    sequence.writeBigUInt64BE(this.sequence);
    this.sequence += 1n;
    return sequence;
  }

  seal(type: number, content: Buffer): Buffer {
    const sequence = this.next();
    const cipher = createCipheriv('aes-128-gcm', this.key, Buffer.concat([this.salt, sequence]));
    cipher.setAAD(Buffer.concat([sequence, Buffer.of(type, 3, 3, content.length >> 8, content.length & 0xff)]));
    const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
    return toRecord(type, Buffer.concat([sequence, sealed, cipher.getAuthTag()]));
  }

  /** Throws where the tag does not fit. */
  open({ type, body }: TlsRecord): Buffer {
    const sequence = this.next();
    const length = body.length - 8 - TAG_BYTES;
    if (length < 0) throw new RangeError(`a protected record of ${body.length} bytes is too short`);
    const decipher = createDecipheriv('aes-128-gcm', this.key, Buffer.concat([this.salt, body.subarray(0, 8)]));
    decipher.setAAD(Buffer.concat([sequence, Buffer.of(type, 3, 3, length >> 8, length & 0xff)]));
    decipher.setAuthTag(body.subarray(8 + length));
    return Buffer.concat([decipher.update(body.subarray(8, 8 + length)), decipher.final()]);
  }
}
