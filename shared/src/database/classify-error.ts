import { errorCodeOf } from '../errors/index.ts';

/**
 * What to do about a failed statement:
 * `run-again` the same transaction at once; `reconnect` and try later (the server is gone, full or restarting);
 * `malformed`: this input will never be accepted, keep it apart and go on; `local`: our own fault, stop.
 */
export type DatabaseErrorClass = 'run-again' | 'reconnect' | 'malformed' | 'local';

/** PostgreSQL, appendix A (error codes). */
const RUN_AGAIN = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: lock_timeout, or NOWAIT
]);

const RECONNECT = new Set([
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up or recovering
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT', // the Unix socket of a server that is not up
  'EAGAIN',
]);

/** pg reports these without a code. */
const LOST_CONNECTION =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

export function classifyDatabaseError(caught: unknown): DatabaseErrorClass {
  const code = errorCodeOf(caught);
  if (code !== undefined) {
    if (RUN_AGAIN.has(code)) return 'run-again';
    // Class 08: connection exceptions.
    if (RECONNECT.has(code) || /^08...$/.test(code)) return 'reconnect';
    // Class 22: data exceptions; class 23: integrity constraint violations.
    if (/^2[23]...$/.test(code)) return 'malformed';
    return 'local';
  }
  return caught instanceof Error && LOST_CONNECTION.test(caught.message) ? 'reconnect' : 'local';
}
