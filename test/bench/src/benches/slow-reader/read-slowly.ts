import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface SlowRead {
  /** Bytes that came over the socket, head and chunk sizes among them. */
  bytes: number;
  /** The end of the stream's last chunk came: nothing was cut off. */
  isWhole: boolean;
  seconds: number;
}

export interface SlowOptions {
  port: number;
  path: string;
  key: string;
  /** Before the first byte of the answer is taken. */
  stallMs: number;
  /** Bytes per second, once it reads. */
  bytesPerSecond: number;
  /** Called about ten times a second. */
  onTick: () => void;
  signal: AbortSignal;
}

const TICK_MS = 100;

/** Asks over a bare socket and takes what comes at a pace of its own: nothing between it and the kernel reads ahead. */
export async function readSlowly(options: SlowOptions): Promise<SlowRead> {
  const { port, path, key, stallMs, bytesPerSecond, onTick, signal } = options;
  const socket = connect({ host: '127.0.0.1', port, signal, readableHighWaterMark: 1 << 16 } as never);
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n\r\n`);
  const begun = performance.now();
  let ended = false;
  let bytes = 0;
  let tail = '';
  socket.once('end', () => {
    ended = true;
  });
  while (performance.now() - begun < stallMs) {
    await pause(TICK_MS, undefined, { signal });
    onTick();
  }
  const readingSince = performance.now();
  while (!ended && !socket.destroyed) {
    const due = ((performance.now() - readingSince) / 1000) * bytesPerSecond;
    while (bytes < due) {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) break;
      bytes += chunk.length;
      tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - 16))).slice(-16);
    }
    // The end is told when there is nothing left to read.
    if (socket.readableLength === 0) socket.read(0);
    await pause(bytes < due ? 1 : TICK_MS, undefined, { signal });
    onTick();
  }
  socket.destroy();
  return { bytes, isWhole: tail.endsWith('0\r\n\r\n'), seconds: (performance.now() - begun) / 1000 };
}
