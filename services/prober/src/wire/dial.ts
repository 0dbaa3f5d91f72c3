import { connect, type Socket } from 'node:net';
import type { AttemptTarget } from './attempt.ts';
import { type ConnectFailure, connectFailure, LOCAL_TROUBLE } from './connect-failure.ts';
import { LocalTroubleError } from './wire-error.ts';

/** How a connection came to its end without our wish: on its way, or once it stood, by FIN or by RST. */
export type DialFailure = ConnectFailure | 'closed' | 'reset';

export interface DialListener {
  /** The three-way handshake is done. */
  connected(): void;
  /** Bytes came; the buffer is lent for the call only. */
  received(chunk: Buffer): void;
  /** Nothing more will come; called once, and not after `reset` or `close`. */
  failed(failure: DialFailure): void;
  /** This machine is out of something; called in place of `failed`. */
  troubled(error: LocalTroubleError): void;
}

// One buffer for all sockets: a read is handed over before the next one begins.
const readBuffer = Buffer.allocUnsafe(64 * 1024);

/** One TCP connection to a target, bare: no stream is read, no event waits for its turn. */
export class Dial {
  readonly #socket: Socket;
  readonly #target: AttemptTarget;
  readonly #listener: DialListener;
  #isConnected = false;
  #isOver = false;

  constructor(target: AttemptTarget, listener: DialListener) {
    this.#target = target;
    this.#listener = listener;
    this.#socket = connect({
      host: target.address,
      port: target.port,
      ...(target.sourceAddress === undefined ? {} : { localAddress: target.sourceAddress }),
      onread: {
        buffer: readBuffer,
        callback: (length) => {
          if (!this.#isOver) this.#listener.received(readBuffer.subarray(0, length));
          return !this.#isOver;
        },
      },
    });
    this.#socket.on('connect', () => {
      this.#isConnected = true;
      if (!this.#isOver) this.#listener.connected();
    });
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#failWith(error.code ?? 'unknown'));
    // A FIN of the target ends the socket too, for half-open ones are not kept.
    this.#socket.on('close', () => this.#fail('closed'));
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Ends at once with RST: nothing stays behind on either side. */
  reset(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isConnected) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  /** Ends with FIN. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.destroy();
  }

  #fail(failure: DialFailure): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.failed(failure);
  }

  #failWith(systemCode: string): void {
    if (this.#isOver) return;
    if (!this.#isConnected && LOCAL_TROUBLE.has(systemCode)) {
      this.#isOver = true;
      this.#listener.troubled(new LocalTroubleError(systemCode, this.#target.address, this.#target.port));
      return;
    }
    this.#fail(this.#isConnected ? 'reset' : connectFailure(systemCode));
  }
}
