import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { KubecensusError, toError } from '@kubecensus/shared/errors';

/** Written once at the beginning of every run: who dials, why, and what for. */
export type JournalHead = {
  readonly version: string;
  readonly component: string;
  readonly operatorUrl: string | undefined;
  readonly operatorMail: string | undefined;
  readonly purpose: string | undefined;
  /** Connects per second when the first one was made; absent where there was no batch yet. */
  readonly rate: number | undefined;
};

/** What a run without a database leaves of every connect, so that "was that you?" has an answer. */
export type Journal = {
  /** Writes a connect down; false where that failed, and then nothing may be dialled any more. */
  note(address: string, port: number): boolean;
  /** @throws KubecensusError JOURNAL_UNWRITABLE where a connect could not be written down, and so was not made */
  assertWritable(): void;
  /** Idempotent. @throws KubecensusError JOURNAL_UNWRITABLE where the disk did not take all of it */
  close(): void;
};

/**
 * Appends to a file: a head at the first connect, then a line before every connect. Each is with the system before the
 * connect is made, so a crash of this process loses none. A run that dials nothing leaves no file.
 */
export function createJournal(file: string, toHead: () => JournalHead): Journal {
  let descriptor: number | undefined;
  let failure: KubecensusError | undefined;
  const guarded = (work: () => void) => {
    try {
      work();
    } catch (caught) {
      failure ??= new KubecensusError(
        'JOURNAL_UNWRITABLE',
        `the journal ${file} cannot be written (${toError(caught).message}), so nothing more is dialled; name another file with --journal`,
        { cause: caught },
      );
    }
  };
  const append = (to: number, entry: object) => {
    const line = Buffer.from(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
    if (writeSync(to, line) !== line.length) throw new Error('the disk took a part of a line');
  };
  const open = (): number => {
    const opened = openSync(file, 'a', 0o600);
    descriptor = opened;
    append(opened, toHead());
    return opened;
  };
  const assertWritable = () => {
    if (failure !== undefined) throw failure;
  };
  return {
    note(address, port) {
      if (failure === undefined) guarded(() => append(descriptor ?? open(), { address, port }));
      return failure === undefined;
    },
    assertWritable,
    close() {
      const opened = descriptor;
      descriptor = undefined;
      if (opened !== undefined) {
        guarded(() => fsyncSync(opened));
        closeSync(opened);
      }
      assertWritable();
    },
  };
}
