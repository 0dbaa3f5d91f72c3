import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import type { Terminal } from '../terminal.ts';
import { write } from '../terminal.ts';

/** Where the text of an export goes. A file is complete when it has its name: until `close` it is beside it. */
export interface ExportSink {
  write(text: string): Promise<void>;
  close(): Promise<void>;
  /** After a failure: what was written is removed. */
  discard(): Promise<void>;
}

/** @throws {KubecensusError} EXPORT_UNWRITABLE, from every function of it */
export function openExportSink(file: string, { stdout }: Terminal): ExportSink {
  if (file === '-') {
    return { write: (text) => write(stdout, text), close: async () => {}, discard: async () => {} };
  }
  const beside = `${file}.new`;
  const stream = createWriteStream(beside);
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = error;
  });
  const assertWritable = () => {
    if (failure === undefined) return;
    throw new KubecensusError('EXPORT_UNWRITABLE', `${file} cannot be written: ${failure.message}`, { cause: failure });
  };
  return {
    async write(text) {
      assertWritable();
      await write(stream, text);
    },
    async close() {
      stream.end();
      await finished(stream).catch((caught: unknown) => {
        failure ??= toError(caught);
      });
      assertWritable();
      await rename(beside, file);
    },
    async discard() {
      stream.destroy();
      await rm(beside, { force: true });
    },
  };
}
