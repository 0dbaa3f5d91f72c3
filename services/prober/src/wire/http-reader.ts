import { ByteGatherer } from './byte-gatherer.ts';
import {
  MAX_CHUNK_LINE_BYTES,
  MAX_HEADER_BYTES,
  MAX_HEADER_LINES,
  MAX_INFORMATIONAL,
  MAX_RESPONSE_BYTES,
} from './limits.ts';
import { WireError } from './wire-error.ts';

/** One final HTTP/1 answer. */
export interface HttpAnswer {
  status: number;
  /** All header lines in the server's order, names in lower case, values as Latin-1. */
  headers: [string, string][];
  /** The content as it was framed; a content coding is left as it is and never inflated. */
  body: Buffer;
}

type State =
  | 'headers'
  | 'sized-body'
  | 'chunk-size'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailers'
  | 'until-close'
  | 'complete';

const LF = 10;
const CR = 13;
const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d\d)(?: [^\r\n]*)?$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Reads one HTTP/1.1 answer (RFC 9112) from bytes split in any way: informational answers are passed over; content is
 * framed by length, by chunks or by the close. Every part is bounded and the work is linear in the bytes.
 */
export class HttpReader {
  readonly #isHead: boolean;
  #state: State = 'headers';
  readonly #line = new ByteGatherer();
  #headerBytes = 0;
  #informational = 0;
  #status = 0;
  #headers: [string, string][] = [];
  #remaining = 0;
  readonly #body = new ByteGatherer();

  /** @param method of the request: an answer to HEAD has no content (RFC 9110 section 6.4.1). */
  constructor(method: string) {
    this.#isHead = method === 'HEAD';
  }

  get isComplete(): boolean {
    return this.#state === 'complete';
  }

  /** True from the first byte of an answer on. */
  get hasBegun(): boolean {
    return this.#headerBytes > 0 || this.#line.length > 0;
  }

  /** Takes what came; bytes behind a complete answer are ignored. @throws WireError over a cap or against the grammar. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#state !== 'complete') {
      if (this.#state === 'sized-body' || this.#state === 'chunk-data') at = this.#takeSized(chunk, at);
      else if (this.#state === 'until-close') at = this.#takeBody(chunk, at, chunk.length);
      else at = this.#takeLine(chunk, at);
    }
  }

  /** The server has closed: content that is framed by the close is whole now. */
  end(): void {
    if (this.#state === 'until-close') this.#state = 'complete';
  }

  /** The answer, once `isComplete`. */
  answer(): HttpAnswer {
    if (this.#state !== 'complete') throw new Error(`no complete answer: the reader is in its ${this.#state}`);
    return { status: this.#status, headers: this.#headers, body: this.#body.view() };
  }

  #takeLine(chunk: Buffer, start: number): number {
    const limit =
      this.#state === 'chunk-size' || this.#state === 'chunk-end'
        ? MAX_CHUNK_LINE_BYTES
        : MAX_HEADER_BYTES - this.#headerBytes;
    const lineFeed = chunk.indexOf(LF, start);
    const end = lineFeed === -1 ? chunk.length : lineFeed + 1;
    if (this.#line.length + end - start > limit)
      throw new WireError('WIRE_TOO_LARGE', `a line or headers over their cap (state ${this.#state})`);
    if (lineFeed !== -1 && this.#line.length === 0) {
      this.#readLine(lineText(chunk, start, end), end - start);
      return end;
    }
    this.#line.append(chunk, start, end);
    if (lineFeed !== -1) {
      const line = this.#line.view();
      this.#line.clear();
      this.#readLine(lineText(line, 0, line.length), line.length);
    }
    return end;
  }

  #readLine(text: string, bytes: number): void {
    switch (this.#state) {
      case 'headers':
        this.#headerBytes += bytes;
        this.#readHeaderLine(text);
        break;
      case 'chunk-size':
        this.#readChunkSize(text);
        break;
      case 'chunk-end':
        if (text !== '') throw new WireError('WIRE_MALFORMED', 'a chunk longer than its size');
        this.#state = 'chunk-size';
        break;
      case 'trailers':
        this.#headerBytes += bytes;
        if (text === '') this.#state = 'complete';
        break;
    }
  }

  #readHeaderLine(text: string): void {
    if (this.#status === 0) {
      const status = STATUS_LINE.exec(text)?.[1];
      if (status === undefined) throw new WireError('WIRE_MALFORMED', 'a first line that is no HTTP/1 status line');
      this.#status = Number(status);
      return;
    }
    if (text === '') {
      this.#endHeaders();
      return;
    }
    const colon = text.indexOf(':');
    const name = text.slice(0, colon);
    if (colon < 1 || !HEADER_NAME.test(name)) throw new WireError('WIRE_MALFORMED', 'a header line without a name');
    if (this.#headers.length === MAX_HEADER_LINES)
      throw new WireError('WIRE_TOO_LARGE', `more than ${MAX_HEADER_LINES} header lines`);
    this.#headers.push([name.toLowerCase(), text.slice(colon + 1).trim()]);
  }

  #endHeaders(): void {
    if (this.#status < 200) {
      if (this.#status === 101) throw new WireError('WIRE_MALFORMED', 'a switch of protocols that was not asked for');
      if (++this.#informational > MAX_INFORMATIONAL)
        throw new WireError('WIRE_TOO_LARGE', `more than ${MAX_INFORMATIONAL} informational answers`);
      this.#status = 0;
      this.#headers = [];
      return;
    }
    if (this.#isHead || this.#status === 204 || this.#status === 304) {
      this.#state = 'complete';
      return;
    }
    const codings = this.#valuesOf('transfer-encoding');
    if (codings.length > 0) {
      if (codings.join().toLowerCase() !== 'chunked')
        throw new WireError('WIRE_MALFORMED', 'a transfer coding other than chunked');
      this.#state = 'chunk-size';
      return;
    }
    const lengths = new Set(this.#valuesOf('content-length'));
    if (lengths.size === 0) {
      this.#state = 'until-close';
      return;
    }
    const [length = ''] = lengths;
    if (lengths.size > 1 || !/^\d+$/.test(length))
      throw new WireError('WIRE_MALFORMED', 'a content length that is no number');
    this.#expectSized(Number(length), 'sized-body');
  }

  #readChunkSize(text: string): void {
    const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(text)?.[1];
    if (size === undefined) throw new WireError('WIRE_MALFORMED', 'a chunk size that is no number');
    const bytes = Number.parseInt(size, 16);
    if (bytes === 0) this.#state = 'trailers';
    else this.#expectSized(bytes, 'chunk-data');
  }

  #expectSized(bytes: number, state: 'sized-body' | 'chunk-data'): void {
    if (this.#body.length + bytes > MAX_RESPONSE_BYTES)
      throw new WireError('WIRE_TOO_LARGE', `content over ${MAX_RESPONSE_BYTES} bytes`);
    this.#remaining = bytes;
    this.#state = bytes === 0 ? 'complete' : state;
  }

  #takeSized(chunk: Buffer, start: number): number {
    const end = Math.min(chunk.length, start + this.#remaining);
    this.#takeBody(chunk, start, end);
    this.#remaining -= end - start;
    if (this.#remaining === 0) this.#state = this.#state === 'sized-body' ? 'complete' : 'chunk-end';
    return end;
  }

  #takeBody(chunk: Buffer, start: number, end: number): number {
    if (this.#body.length + end - start > MAX_RESPONSE_BYTES)
      throw new WireError('WIRE_TOO_LARGE', `content over ${MAX_RESPONSE_BYTES} bytes`);
    this.#body.append(chunk, start, end);
    return end;
  }

  #valuesOf(name: string): string[] {
    return this.#headers.filter(([header]) => header === name).map(([, value]) => value);
  }
}

/** A line without its LF or CRLF. */
function lineText(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end - (end - start >= 2 && bytes[end - 2] === CR ? 2 : 1));
}
