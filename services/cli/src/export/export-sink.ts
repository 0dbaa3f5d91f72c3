import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { toError } from '@kubecensus/shared/errors';
import type { Terminal } from '../terminal.ts';
import { write } from '../terminal.ts';
import { type ExportDestination, resolveExportDestination, toUnwritable } from './export-destination.ts';

/** Where the text of an export goes. A file is complete when it has its name: until `close` it is beside it. */
export interface ExportSink {
  write(text: string): Promise<void>;
  close(): Promise<void>;
  /** After a failure: what was written is removed, where it can be. */
  discard(): Promise<void>;
}

/** @throws {KubecensusError} EXPORT_UNWRITABLE, as every function of it does */
export async function openExportSink(name: string, { stdout }: Terminal): Promise<ExportSink> {
  if (name === '-') {
    return { write: (text) => write(stdout, text), close: async () => {}, discard: async () => {} };
  }
  return await openFileSink(name, await resolveExportDestination(name));
}

/** A name that nobody has, in the same directory: a rename moves no bytes. */
export function toNameBeside(file: string): string {
  return `${file}.${randomUUID()}.new`;
}

async function openFileSink(name: string, { file, isReplaceable, mode }: ExportDestination): Promise<ExportSink> {
  const written = isReplaceable ? toNameBeside(file) : file;
  const handle = await open(written, isReplaceable ? 'wx' : 'w', mode).catch((caught: unknown) => {
    throw toUnwritable(name, caught);
  });
  const stream = handle.createWriteStream();
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure = error;
  });
  const assertWritable = () => {
    if (failure !== undefined) throw toUnwritable(name, failure);
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
      if (!isReplaceable) return;
      await rename(written, file).catch((caught: unknown) => {
        throw toUnwritable(name, caught);
      });
    },
    async discard() {
      stream.destroy();
      if (isReplaceable) await rm(written, { force: true });
    },
  };
}
