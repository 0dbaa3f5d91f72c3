import type { Writable } from 'node:stream';

/** Characters held before they are handed to the stream. */
const BATCH_LENGTH = 64 * 1024;
/** And the longest that a line is held: too short for anyone who watches to notice. */
const HOLD_MS = 20;

/** Writes many lines to a stream, and knows when the reader is slower than we are. */
export interface LineWriter {
  write(line: string): void;
  /** Undefined while the reader keeps up; otherwise a promise of the moment from which more may be written. */
  hold(): Promise<void> | undefined;
  /** Aborted when the reader went away: what is written from then on is for nobody. */
  readonly closed: AbortSignal;
  /** Hands over what is held. */
  flush(): void;
}

/**
 * Lines that follow one another go out in one write: at 5,000 lines a second a write each was a tenth of all CPU.
 * However many wait for it, the stream has one listener of each kind.
 */
export function createLineWriter(stream: Writable): LineWriter {
  const closed = new AbortController();
  let lines: string[] = [];
  let length = 0;
  let drained: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    if (lines.length === 0) return;
    const text = lines.join('');
    lines = [];
    length = 0;
    if (!closed.signal.aborted && !stream.destroyed) stream.write(text);
  };
  const release = () => {
    drained?.resolve();
    drained = undefined;
  };
  stream.on('drain', release);
  stream.once('close', () => {
    closed.abort();
    release();
  });
  if (stream.destroyed) closed.abort();

  return {
    closed: closed.signal,
    write(line) {
      if (lines.length === 0) timer = setTimeout(flush, HOLD_MS);
      lines.push(line);
      length += line.length;
      if (length >= BATCH_LENGTH) flush();
    },
    hold() {
      if (!stream.writableNeedDrain || closed.signal.aborted) return undefined;
      if (drained === undefined) {
        let resolve: () => void = () => undefined;
        const promise = new Promise<void>((done) => {
          resolve = done;
        });
        drained = { promise, resolve };
      }
      return drained.promise;
    },
    flush,
  };
}
