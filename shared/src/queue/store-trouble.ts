import { type ErrorCode, errorCodeOf, toError } from '../errors/index.ts';

/** Trouble of the server that keeps the queue, as opposed to trouble with one message. */
export type StoreTrouble = Extract<ErrorCode, 'QUEUE_UNREACHABLE' | 'QUEUE_FULL' | 'QUEUE_FORBIDDEN'>;

const TROUBLES: readonly string[] = ['QUEUE_UNREACHABLE', 'QUEUE_FULL', 'QUEUE_FORBIDDEN'] satisfies StoreTrouble[];

function isStoreTrouble(code: string): code is StoreTrouble {
  return TROUBLES.includes(code);
}

const BY_CODE: readonly [StoreTrouble, RegExp][] = [
  // SQLSTATE: class 08 connection; 53300 too many connections; 57P0x shut down, crashed, starting up; 3D000 no such
  // database; 55P03 lock not available. The rest are the system's own names.
  [
    'QUEUE_UNREACHABLE',
    /^(08...|53300|57P0\d|57014|3D000|55P03|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|EAGAIN|EMFILE)$/,
  ],
  // 53100 disk full, 53200 out of memory, 58030 input or output error, 25006 read-only transaction.
  ['QUEUE_FULL', /^(53[12]00|58030|25006)$/],
  // Class 28 authorization; 42501 insufficient privilege.
  ['QUEUE_FORBIDDEN', /^(28...|42501)$/],
];

/** Redis answers by the first word; before Redis 7 a script's error carries it further on, behind a dash. */
const BY_MESSAGE: readonly [StoreTrouble, RegExp][] = [
  ['QUEUE_FULL', /(^|-)(OOM|MISCONF|READONLY|NOREPLICAS)\b/],
  ['QUEUE_FORBIDDEN', /^(NOAUTH|WRONGPASS|NOPERM)\b/],
  ['QUEUE_UNREACHABLE', /^(LOADING|MASTERDOWN|CLUSTERDOWN|BUSY)\b/],
  // What ioredis and pg say, without a code, of a connection that is not there.
  [
    'QUEUE_UNREACHABLE',
    /^(Connection is closed|Connection terminated|Connection ended|Stream isn't writeable|Command timed out|Reached the max retries|Query read timeout|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed|Socket timeout|connect ETIMEDOUT|The server does not|Socket closed)/,
  ],
];

/** The trouble that an error tells of, or undefined where the server is well and the error is about something else. */
export function readStoreTrouble(caught: unknown): StoreTrouble | undefined {
  const code = errorCodeOf(caught);
  if (code !== undefined) {
    if (isStoreTrouble(code)) return code;
    const match = BY_CODE.find(([, pattern]) => pattern.test(code));
    if (match !== undefined) return match[0];
  }
  const { message } = toError(caught);
  return BY_MESSAGE.find(([, pattern]) => pattern.test(message))?.[0];
}

/** What to do about it, for the end of a message to people. */
export const NEXT_STEP: Record<StoreTrouble, string> = {
  QUEUE_UNREACHABLE: 'start it or correct its address',
  QUEUE_FULL: 'make room (Redis: raise maxmemory; see that its disk is writable and that it is no replica)',
  QUEUE_FORBIDDEN: 'correct the user, the password or the rights of the role',
};
