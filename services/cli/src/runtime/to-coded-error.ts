import { KubecensusError, toError } from '@kubecensus/shared/errors';
import { CommanderError } from 'commander';
import { isOutOfDescriptors, readDescriptorLimit, toDescriptorError } from './descriptor-limit.ts';

/** What a command may fail with, as what a person can act on; what nobody foresaw comes back as it is. */
export async function toCodedError(caught: unknown, commandName: string | undefined): Promise<Error> {
  const error = toError(caught);
  if (error instanceof KubecensusError) return error;
  if (error instanceof CommanderError) return toCommandLineError(error, commandName);
  if (isOutOfDescriptors(error)) return toDescriptorError(readDescriptorLimit(), error);
  return (await toLostStore(error)) ?? toRefusedCall(error) ?? error;
}

/** The library says it on one line or two, with a proposal on the second. */
function toCommandLineError(error: CommanderError, commandName: string | undefined): KubecensusError {
  const says = error.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.$/, '');
  const command = commandName === undefined ? 'kubecensus' : `kubecensus ${commandName}`;
  return new KubecensusError('COMMAND_LINE_INVALID', `${says}; ${command} --help shows what there is`, {
    cause: error,
  });
}

/** A store that went away in mid-work throws whatever statement was under way; to a person it is one thing. */
async function toLostStore(error: Error): Promise<KubecensusError | undefined> {
  const isConnect = !('syscall' in error) || error.syscall === 'connect' || error.syscall === 'read';
  if (!isConnect) return undefined;
  const { classifyDatabaseError } = await import('@kubecensus/shared/database');
  if (classifyDatabaseError(error) !== 'reconnect') return undefined;
  return new KubecensusError(
    'DATABASE_LOST',
    `the store went away (${error.message}); what was found is in it: start the same command again to go on`,
    { cause: error },
  );
}

/** A file or a directory that the system did not give, where no command had a code of its own for it. */
function toRefusedCall(error: NodeJS.ErrnoException): KubecensusError | undefined {
  if (error.syscall === undefined || error.code === undefined) return undefined;
  return new KubecensusError(
    'SYSTEM_CALL_REFUSED',
    `the system refused it (${error.message}); mend what that names and start the same command again`,
    { cause: error },
  );
}
