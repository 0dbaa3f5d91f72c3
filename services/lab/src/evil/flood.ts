import type { Writable } from 'node:stream';

/** Written at once, again and again: fast enough to fill any cap within its deadline, slow enough for a laptop. */
const CHUNK_BYTES = 16 * 1024;
const EVERY_MS = 20;

/** Writes `unit` over and over until the other side is gone. */
export function flood(stream: Writable, unit: string | Buffer): void {
  const bytes = Buffer.from(unit);
  const chunk = Buffer.concat(new Array<Buffer>(Math.max(1, Math.floor(CHUNK_BYTES / bytes.length))).fill(bytes));
  repeat(stream, EVERY_MS, () => {
    if (!stream.writableNeedDrain) stream.write(chunk);
  });
}

/** Writes `bytes` one at a time. */
export function drip(stream: Writable, bytes: Buffer, everyMs: number): void {
  let sent = 0;
  repeat(stream, everyMs, () => {
    if (sent < bytes.length) stream.write(bytes.subarray(sent, sent + 1));
    sent += 1;
  });
}

function repeat(stream: Writable, everyMs: number, work: () => void): void {
  const timer = setInterval(() => {
    if (stream.writable) work();
    else clearInterval(timer);
  }, everyMs);
  stream.once('close', () => clearInterval(timer));
  stream.once('error', () => clearInterval(timer));
}
