import { X509Error } from './x509-error.ts';

/** Bytes of DER taken at once: a first flight is capped below this, so a larger input is no certificate of ours. */
export const MAX_DER_BYTES = 128 * 1024;
/** Elements visited per input. 80 KB of the shortest names are 27,000 elements. */
export const MAX_DER_STEPS = 60_000;

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** What all cursors of one input share. */
interface Budget {
  steps: number;
  /** The whole input, one character an octet: one crossing into the engine instead of one for each of its texts. */
  latin1?: string;
}

/** Identifiers by their octets; there are some dozens in use, and strangers may invent any number. */
const IDENTIFIERS = new Map<string, string>();
const SHORT_IDENTIFIERS = new Map<number, string>();
const MAX_IDENTIFIERS = 1000;

function keepIdentifier<Octets>(known: Map<Octets, string>, octets: Octets, text: string): string {
  if (known.size < MAX_IDENTIFIERS) known.set(octets, text);
  return text;
}

/**
 * Walks the elements of one DER level (X.690) without copying. `next` moves to the following
 * element and leaves its tag and bounds in the fields; `enter` opens the current one with another cursor, `descend` with
 * this one. All cursors of
 * one input share a budget of steps, so nesting cannot multiply the work.
 */
export class DerCursor {
  readonly bytes: Buffer;
  end: number;
  position: number;
  /** Identifier octet of the current element. */
  tag = 0;
  /** Offset of the current element's identifier octet. */
  start = 0;
  contentStart = 0;
  contentEnd = 0;
  readonly #budget: Budget;

  private constructor(bytes: Buffer, position: number, end: number, budget: Budget) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    this.#budget = budget;
  }

  /** @throws X509Error when the input is over `MAX_DER_BYTES`. */
  static over(bytes: Buffer): DerCursor {
    if (bytes.length > MAX_DER_BYTES) {
      throw new X509Error('X509_TOO_LARGE', `${bytes.length} bytes of DER, at most ${MAX_DER_BYTES} are read`);
    }
    return new DerCursor(bytes, 0, bytes.length, { steps: MAX_DER_STEPS });
  }

  get hasMore(): boolean {
    return this.position < this.end;
  }

  /** Moves to the next element. @throws X509Error when there is none or it does not fit its level. */
  next(): this {
    if (--this.#budget.steps < 0) {
      throw new X509Error('X509_TOO_COMPLEX', `more than ${MAX_DER_STEPS} elements in one input`);
    }
    const { bytes, end } = this;
    let at = this.position;
    if (at + 2 > end)
      throw new X509Error('X509_TRUNCATED', `an element was to start at byte ${at}, the level ends at ${end}`);
    const tag = bytes[at] as number;
    if ((tag & 0x1f) === 0x1f) throw new X509Error('X509_UNSUPPORTED_ENCODING', `high tag number at byte ${at}`);
    let length = bytes[at + 1] as number;
    this.start = at;
    at += 2;
    if (length > 0x7f) {
      const lengthBytes = length & 0x7f;
      if (lengthBytes === 0 || lengthBytes > 4) {
        throw new X509Error('X509_UNSUPPORTED_ENCODING', `length octet 0x${length.toString(16)} at byte ${at - 1}`);
      }
      if (at + lengthBytes > end)
        throw new X509Error('X509_TRUNCATED', `length at byte ${at} passes the level's end ${end}`);
      length = 0;
      for (let index = 0; index < lengthBytes; index++) length = length * 256 + (bytes[at++] as number);
    }
    if (at + length > end) {
      throw new X509Error(
        'X509_TRUNCATED',
        `element at byte ${this.start} ends at ${at + length}, its level at ${end}`,
      );
    }
    this.tag = tag;
    this.contentStart = at;
    this.contentEnd = at + length;
    this.position = this.contentEnd;
    return this;
  }

  /** Moves to the next element and holds it to a tag. */
  expect(tag: number, what: string): this {
    this.next();
    if (this.tag !== tag) {
      throw new X509Error(
        'X509_UNEXPECTED',
        `${what} at byte ${this.start} has tag 0x${this.tag.toString(16)}, not 0x${tag.toString(16)}`,
      );
    }
    return this;
  }

  /** The tag of the element that `next` would move to; undefined at the end of the level. */
  peekTag(): number | undefined {
    return this.position < this.end ? this.bytes[this.position] : undefined;
  }

  /** A cursor over the content of the current element. `skip` bytes are passed over (a BIT STRING's first octet). */
  enter(skip = 0): DerCursor {
    if (this.contentStart + skip > this.contentEnd) {
      throw new X509Error('X509_TRUNCATED', `element at byte ${this.start} is shorter than ${skip} bytes`);
    }
    return new DerCursor(this.bytes, this.contentStart + skip, this.contentEnd, this.#budget);
  }

  /**
   * Goes on inside the current element. `enter` without another cursor, which made up a third of what a reading left to
   * collect. Returns what `ascend` needs.
   */
  descend(): number {
    const outerEnd = this.end;
    this.position = this.contentStart;
    this.end = this.contentEnd;
    return outerEnd;
  }

  /** Goes on after the element that `descend` opened, whatever of it was read. */
  ascend(outerEnd: number): void {
    this.position = this.end;
    this.end = outerEnd;
  }

  get length(): number {
    return this.contentEnd - this.contentStart;
  }

  /** A view of the current element's content. */
  content(): Buffer {
    return this.bytes.subarray(this.contentStart, this.contentEnd);
  }

  /** A view of the current element with its header. */
  element(): Buffer {
    return this.bytes.subarray(this.start, this.contentEnd);
  }

  hex(): string {
    return this.bytes.toString('hex', this.contentStart, this.contentEnd);
  }

  latin1(start = this.contentStart, end = this.contentEnd): string {
    this.#budget.latin1 ??= this.bytes.toString('latin1');
    return this.#budget.latin1.slice(start, end);
  }

  /** The current element's OBJECT IDENTIFIER in dotted form (X.690 section 8.19). */
  objectIdentifier(): string {
    const { bytes, contentStart: at } = this;
    // Nearly all that a certificate holds of names and extensions has three octets, 2.5.4.x and 2.5.29.x.
    if (this.length === 3) {
      const key = ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
      return SHORT_IDENTIFIERS.get(key) ?? keepIdentifier(SHORT_IDENTIFIERS, key, this.#readIdentifier());
    }
    const octets = this.latin1();
    return IDENTIFIERS.get(octets) ?? keepIdentifier(IDENTIFIERS, octets, this.#readIdentifier());
  }

  #readIdentifier(): string {
    const { bytes, contentStart, contentEnd } = this;
    // 64 octets hold every identifier in use; longer ones only cost.
    if (contentEnd === contentStart || contentEnd - contentStart > 64) {
      throw new X509Error(
        'X509_BAD_VALUE',
        `object identifier of ${contentEnd - contentStart} octets at byte ${this.start}`,
      );
    }
    let text = '';
    let arc = 0;
    for (let at = contentStart; at < contentEnd; at++) {
      const octet = bytes[at] as number;
      arc = arc * 128 + (octet & 0x7f);
      if (arc > Number.MAX_SAFE_INTEGER / 128) {
        throw new X509Error('X509_BAD_VALUE', `object identifier with an arc over 2^46 at byte ${this.start}`);
      }
      if (octet & 0x80) continue;
      if (text === '') {
        const root = Math.min(2, Math.floor(arc / 40));
        text = `${root}.${arc - root * 40}`;
      } else {
        text += `.${arc}`;
      }
      arc = 0;
    }
    if (text === '' || ((bytes[contentEnd - 1] as number) & 0x80) !== 0) {
      throw new X509Error('X509_BAD_VALUE', `object identifier ends inside an arc at byte ${this.start}`);
    }
    return text;
  }
}
