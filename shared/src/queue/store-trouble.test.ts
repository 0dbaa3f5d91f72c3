import { describe, expect, it } from 'vitest';
import { QueueError } from './queue-error.ts';
import { readStoreTrouble } from './store-trouble.ts';

const coded = (code: string) => Object.assign(new Error('said by the server'), { code });

describe('trouble of the server', () => {
  it.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'].map(coded),
    ...['08006', '57P01', '57P03', '53300', '3D000'].map(coded),
    new Error('Connection is closed.'),
    new Error('Connection terminated unexpectedly'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    new Error('Command timed out'),
    new Error('Query read timeout'),
    new Error('LOADING Redis is loading the dataset in memory'),
    new AggregateError([], 'all failed'),
  ])('%s %o is a server that cannot be reached, or none', (error) => {
    expect(readStoreTrouble(error)).toBe(error instanceof AggregateError ? undefined : 'QUEUE_UNREACHABLE');
  });

  it.each([
    ...['53100', '53200', '25006'].map(coded),
    new Error("OOM command not allowed when used memory > 'maxmemory'."),
    new Error('ERR Error running script (call to f_0a): @user_script:12: -OOM command not allowed'),
    new Error("READONLY You can't write against a read only replica."),
    new Error('MISCONF Redis is configured to save RDB snapshots, but is unable to persist on disk'),
  ])('%s %o is a server that takes no writes', (error) => {
    expect(readStoreTrouble(error)).toBe('QUEUE_FULL');
  });

  it.each([
    ...['28P01', '28000', '42501'].map(coded),
    new Error('NOAUTH Authentication required.'),
    new Error('WRONGPASS invalid username-password pair'),
    new Error("NOPERM this user has no permissions to run the 'evalsha' command"),
  ])('%s %o is a server that does not let us in', (error) => {
    expect(readStoreTrouble(error)).toBe('QUEUE_FORBIDDEN');
  });

  it.each([
    new Error('Missing lock for job 12. moveToFinished'),
    new Error('the observation says OOM'),
    new TypeError('undefined is not a function'),
    coded('23505'),
    new QueueError('QUEUE_MESSAGE_INVALID', 'a message'),
    'a thrown text',
    undefined,
  ])('%s is no trouble of the server', (error) => {
    expect(readStoreTrouble(error)).toBeUndefined();
  });

  it('an error of ours keeps its meaning', () => {
    expect(readStoreTrouble(new QueueError('QUEUE_FULL', 'full'))).toBe('QUEUE_FULL');
  });
});
