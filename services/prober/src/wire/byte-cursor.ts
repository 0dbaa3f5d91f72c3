import { WireError } from './wire-error.ts';

/** Reads big-endian fields and TLS vectors from a range of bytes; leaving the range is a `WireError`. */
export class ByteCursor {
  readonly bytes: Buffer;
  readonly end: number;
  position: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  uint8(): number {
    return this.bytes[this.skip(1)] as number;
  }

  uint16(): number {
    const at = this.skip(2);
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
  }

  uint24(): number {
    const at = this.skip(3);
    return ((this.bytes[at] as number) << 16) | ((this.bytes[at + 1] as number) << 8) | (this.bytes[at + 2] as number);
  }

  /** Passes over `length` bytes and gives the offset where they start. */
  skip(length: number): number {
    const at = this.position;
    if (at + length > this.end) {
      throw new WireError('WIRE_MALFORMED', `${length} bytes asked at offset ${at}, the message ends at ${this.end}`);
    }
    this.position = at + length;
    return at;
  }

  /** A cursor over the next `length` bytes. */
  vector(length: number): ByteCursor {
    const at = this.skip(length);
    return new ByteCursor(this.bytes, at, at + length);
  }
}
