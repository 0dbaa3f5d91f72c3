import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { AttemptTarget } from './attempt.ts';

/** Who uses a socket for one connection. Nothing is heard after `closed`. */
export interface SocketUser {
  connected(): void;
  /** `length` bytes lie at the start of `readBuffer`. Returns whether to read on. */
  read(length: number): boolean;
  failed(systemCode: string): void;
  /** The descriptor is free again. */
  closed(): void;
}

/** One buffer for all sockets: a read is handed over before the next one begins. */
export const readBuffer = Buffer.allocUnsafe(64 * 1024);

/** As many as targets can be under way; each holds 3.5 KB. */
const MAX_IDLE = 16_000;
const idle: ReusableSocket[] = [];

/**
 * A `node:net` socket with its listeners, used for one connection after the other, as `socket.connect` allows once
 * `close` was heard. A new one for each target cost 20 µs of 175, and what it left behind most of the collector's work.
 */
export class ReusableSocket {
  readonly #socket: Socket;
  #user: SocketUser | undefined;

  private constructor(target: AttemptTarget, user: SocketUser) {
    this.#user = user;
    this.#socket = connect({
      ...connectOptions(target),
      onread: { buffer: readBuffer, callback: (length) => this.#read(length) },
    });
    this.#socket.on('connect', () => this.#user?.connected());
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#user?.failed(error.code ?? 'unknown'));
    // A FIN of the target ends the socket too, for half-open ones are not kept.
    this.#socket.on('close', () => this.#closed());
  }

  /** Begins a connection. */
  static connect(target: AttemptTarget, user: SocketUser): ReusableSocket {
    const taken = idle.pop();
    if (taken === undefined) return new ReusableSocket(target, user);
    taken.#user = user;
    taken.#socket.connect(connectOptions(target));
    return taken;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Ends with RST where the connection stands. */
  reset(): void {
    // libuv resets no socket that is about to say FIN, and Node would then never tell its end.
    if (this.#socket.connecting || this.#socket.writableEnded) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  /** Ends with FIN. */
  close(): void {
    this.#socket.destroy();
  }

  /** To be called in `closed`, when this connection has left nothing behind that the next could meet. */
  giveBack(): void {
    if (this.#socket.writableLength === 0 && !this.#socket.writableEnded && idle.length < MAX_IDLE) idle.push(this);
  }

  #read(length: number): boolean {
    return this.#user?.read(length) ?? false;
  }

  #closed(): void {
    const user = this.#user;
    this.#user = undefined;
    user?.closed();
  }
}

function connectOptions({ address, port, sourceAddress }: AttemptTarget): TcpNetConnectOpts {
  return sourceAddress === undefined ? { host: address, port } : { host: address, port, localAddress: sourceAddress };
}
