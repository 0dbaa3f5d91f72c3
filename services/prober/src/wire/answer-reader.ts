import { ByteGatherer } from './byte-gatherer.ts';
import type { FinishedHandshake } from './finish-handshake.ts';
import { type HttpAnswer, HttpReader } from './http-reader.ts';
import { MAX_ANSWER_BYTES } from './limits.ts';
import {
  HANDSHAKE,
  MAX_PLAINTEXT_BYTES,
  MAX_PROTECTION_BYTES,
  RECORD,
  RECORD_HEADER_BYTES,
  TLS12,
} from './tls-constants.ts';
import { WireError } from './wire-error.ts';

const HELLO_REQUEST = Buffer.from([HANDSHAKE.helloRequest, 0, 0, 0]);

export type AnswerProgress = 'incomplete' | 'complete' | 'alert';

/**
 * Reads what a server sends after our Finished: its ChangeCipherSpec and Finished, then the HTTP answer, from bytes that
 * may be split and merged in any way. A request to renegotiate is ignored, as RFC 5246 section 7.4.1.1 allows.
 */
export class AnswerReader {
  readonly #handshake: FinishedHandshake;
  readonly #http: HttpReader;
  readonly #partial = new ByteGatherer();
  #receivedBytes = 0;
  #isProtected = false;
  /** The server's Finished was seen and fits the transcript: both ends agree on all that was said. */
  isFinished = false;
  alertLevel = 0;
  alertDescription = 0;

  constructor(handshake: FinishedHandshake, method: string) {
    this.#handshake = handshake;
    this.#http = new HttpReader(method);
  }

  /** @throws WireError */
  push(chunk: Buffer): AnswerProgress {
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > MAX_ANSWER_BYTES)
      throw new WireError('WIRE_TOO_LARGE', `over ${MAX_ANSWER_BYTES} bytes after our Finished`);
    let bytes = chunk;
    if (this.#partial.length > 0) {
      this.#partial.append(chunk, 0, chunk.length);
      bytes = this.#partial.view();
    }
    let at = 0;
    while (bytes.length - at >= RECORD_HEADER_BYTES) {
      const bodyStart = at + RECORD_HEADER_BYTES;
      const length = bytes.readUInt16BE(at + 3);
      if (bytes.readUInt16BE(at + 1) !== TLS12 || length === 0 || length > MAX_PLAINTEXT_BYTES + MAX_PROTECTION_BYTES) {
        throw new WireError(
          'WIRE_MALFORMED',
          `a record of ${length} bytes, version 0x${bytes.toString('hex', at + 1, at + 3)}`,
        );
      }
      if (bodyStart + length > bytes.length) break;
      const progress = this.#readRecord(bytes, at, bodyStart, bodyStart + length);
      if (progress !== 'incomplete') return progress;
      at = bodyStart + length;
    }
    this.#retain(bytes, at);
    return 'incomplete';
  }

  /** The server has closed; true when that makes the answer whole. */
  end(): boolean {
    if (this.isFinished) this.#http.end();
    return this.#http.isComplete;
  }

  answer(): HttpAnswer {
    return this.#http.answer();
  }

  #readRecord(bytes: Buffer, start: number, bodyStart: number, end: number): AnswerProgress {
    const type = bytes[start] as number;
    if (!this.#isProtected) {
      if (type === RECORD.alert && end - bodyStart === 2) return this.#readAlert(bytes, bodyStart);
      if (type !== RECORD.changeCipherSpec || end - bodyStart !== 1 || bytes[bodyStart] !== 1) {
        throw new WireError('WIRE_MALFORMED', `record type ${type} in place of ChangeCipherSpec`);
      }
      this.#isProtected = true;
      return 'incomplete';
    }
    const plaintext = this.#handshake.serverProtection.open(type, bytes, bodyStart, end);
    switch (type) {
      case RECORD.alert:
        if (plaintext.length !== 2) throw new WireError('WIRE_MALFORMED', `an alert of ${plaintext.length} bytes`);
        return this.#readAlert(plaintext, 0);
      case RECORD.handshake:
        this.#readHandshake(plaintext);
        return 'incomplete';
      case RECORD.applicationData:
        if (!this.isFinished) throw new WireError('WIRE_MALFORMED', 'data before the server Finished');
        this.#http.push(plaintext);
        return this.#http.isComplete ? 'complete' : 'incomplete';
      default:
        throw new WireError('WIRE_MALFORMED', `record type ${type} after ChangeCipherSpec`);
    }
  }

  #readAlert(bytes: Buffer, at: number): AnswerProgress {
    this.alertLevel = bytes[at] as number;
    this.alertDescription = bytes[at + 1] as number;
    return 'alert';
  }

  #readHandshake(message: Buffer): void {
    if (this.isFinished) {
      if (message.equals(HELLO_REQUEST)) return;
      throw new WireError('WIRE_MALFORMED', `handshake message ${message[0]} after Finished`);
    }
    if (!message.equals(this.#handshake.expectedFinished)) {
      throw new WireError('WIRE_BAD_FINISHED', 'the server Finished does not match what was said');
    }
    this.isFinished = true;
  }

  #retain(bytes: Buffer, from: number): void {
    const rest = bytes.length - from;
    if (rest === 0) {
      this.#partial.clear();
    } else if (this.#partial.length === 0) {
      this.#partial.append(bytes, from, bytes.length);
    } else if (from > 0) {
      const tail = Buffer.from(bytes.subarray(from));
      this.#partial.clear();
      this.#partial.append(tail, 0, rest);
    }
  }
}
