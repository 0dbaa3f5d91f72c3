import { MAX_FIRST_FLIGHT_BYTES, MAX_FIRST_FLIGHT_MESSAGES, MAX_WARNING_ALERTS } from './limits.ts';
import { ALERT, HANDSHAKE, HANDSHAKE_HEADER_BYTES, MAX_PLAINTEXT_BYTES, RECORD } from './tls-constants.ts';
import { WireError } from './wire-error.ts';

export type FlightProgress = 'incomplete' | 'complete' | 'alert';

// Most flights come whole in one read: those are gathered here and judged before the next read, so
// no connection needs a buffer of its own. A flight that needs a second read moves out (`#keep`).
const scratch = Buffer.allocUnsafe(MAX_FIRST_FLIGHT_BYTES);

/**
 * Gathers a server's first flight from bytes that may be split and merged in any way: records are
 * unwrapped as they come, their handshake messages joined. Work is linear in the bytes pushed.
 */
export class FlightReader {
  /** The handshake messages one after the other; valid until the next `push` of any reader. */
  handshake: Buffer = scratch;
  handshakeLength = 0;
  /** The alert that ended the flight. */
  alertLevel = 0;
  alertDescription = 0;
  receivedBytes = 0;
  /** A handshake or an alert of TLS was announced, whatever came of it. */
  #isTls = false;
  #recordType = 0;
  #recordRemaining = 0;
  #headerLength = 0;
  #recordLength = 0;
  #alertLength = 0;
  #warnings = 0;
  #messageStart = 0;
  #messages = 0;
  #done = false;

  /** @throws WireError when the bytes break TLS's rules or our caps. */
  push(chunk: Buffer): FlightProgress {
    this.receivedBytes += chunk.length;
    if (this.receivedBytes > MAX_FIRST_FLIGHT_BYTES) {
      throw new WireError('WIRE_TOO_LARGE', `first flight over ${MAX_FIRST_FLIGHT_BYTES} bytes`);
    }
    let at = 0;
    while (at < chunk.length) {
      if (this.#recordRemaining === 0) {
        this.#readHeaderOctet(chunk[at++] as number);
        continue;
      }
      if (this.#done) throw new WireError('WIRE_MALFORMED', 'bytes after ServerHelloDone');
      const end = Math.min(chunk.length, at + this.#recordRemaining);
      this.#recordRemaining -= end - at;
      if (this.#recordType === RECORD.alert) {
        if (this.#readAlert(chunk, at, end)) return 'alert';
      } else {
        this.#append(chunk, at, end);
        this.#scanMessages();
      }
      at = end;
    }
    if (this.#done) {
      if (this.#recordRemaining > 0 || this.#headerLength > 0)
        throw new WireError('WIRE_MALFORMED', 'bytes after ServerHelloDone');
      return 'complete';
    }
    this.#keep();
    return 'incomplete';
  }

  #readHeaderOctet(octet: number): void {
    switch (this.#headerLength++) {
      case 0:
        if (octet !== RECORD.handshake && octet !== RECORD.alert) throw this.#foreign(`record type ${octet}`);
        this.#recordType = octet;
        break;
      case 1:
        if (octet !== 3) throw this.#foreign(`record version ${octet}.x`);
        this.#isTls = true;
        break;
      case 3:
        this.#recordLength = octet << 8;
        break;
      case 4:
        this.#recordRemaining = this.#recordLength | octet;
        if (this.#recordRemaining === 0 || this.#recordRemaining > MAX_PLAINTEXT_BYTES) {
          throw this.#foreign(`record of ${this.#recordRemaining} bytes`);
        }
        this.#headerLength = 0;
        break;
    }
  }

  /** Bytes that never claimed to be TLS are another protocol, and prove that nothing of ours is there; others broken TLS. */
  #foreign(what: string): WireError {
    return new WireError(this.#isTls ? 'WIRE_MALFORMED' : 'WIRE_NOT_TLS', what);
  }

  #readAlert(chunk: Buffer, start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      if (this.#alertLength++ === 0) {
        this.alertLevel = chunk[at] as number;
        continue;
      }
      this.alertDescription = chunk[at] as number;
      this.#alertLength = 0;
      if (this.alertLevel !== 1 || this.alertDescription === ALERT.closeNotify) return true;
      if (++this.#warnings > MAX_WARNING_ALERTS) {
        throw new WireError('WIRE_TOO_LARGE', `more than ${MAX_WARNING_ALERTS} warning alerts`);
      }
    }
    return false;
  }

  #append(chunk: Buffer, start: number, end: number): void {
    const length = this.handshakeLength + end - start;
    if (length > this.handshake.length) {
      const larger = Buffer.allocUnsafe(Math.min(MAX_FIRST_FLIGHT_BYTES, 2 * length));
      this.handshake.copy(larger, 0, 0, this.handshakeLength);
      this.handshake = larger;
    }
    chunk.copy(this.handshake, this.handshakeLength, start, end);
    this.handshakeLength = length;
  }

  #scanMessages(): void {
    const { handshake } = this;
    while (this.handshakeLength - this.#messageStart >= HANDSHAKE_HEADER_BYTES) {
      const start = this.#messageStart;
      const type = handshake[start] as number;
      if (start === 0 && type !== HANDSHAKE.serverHello)
        throw new WireError('WIRE_MALFORMED', `first message has type ${type}`);
      const length = handshake.readUIntBE(start + 1, 3);
      if (length > MAX_FIRST_FLIGHT_BYTES)
        throw new WireError('WIRE_TOO_LARGE', `handshake message of ${length} bytes`);
      const end = start + HANDSHAKE_HEADER_BYTES + length;
      if (end > this.handshakeLength) return;
      if (this.#done) throw new WireError('WIRE_MALFORMED', 'a message after ServerHelloDone');
      if (++this.#messages > MAX_FIRST_FLIGHT_MESSAGES) {
        throw new WireError('WIRE_TOO_LARGE', `more than ${MAX_FIRST_FLIGHT_MESSAGES} messages in a first flight`);
      }
      this.#messageStart = end;
      if (type === HANDSHAKE.serverHelloDone) this.#done = true;
    }
    if (this.#done && this.#messageStart < this.handshakeLength)
      throw new WireError('WIRE_MALFORMED', 'bytes after ServerHelloDone');
  }

  #keep(): void {
    if (this.handshake !== scratch || this.handshakeLength === 0) return;
    const own = Buffer.allocUnsafe(Math.max(4096, 2 * this.handshakeLength));
    scratch.copy(own, 0, 0, this.handshakeLength);
    this.handshake = own;
  }
}
