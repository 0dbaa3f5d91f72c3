import { errorCodeOf, KubecensusError, toError } from '../errors/index.ts';

/** What the codes of a failed connect mean to somebody who did not write this. Others are shown as they came. */
const REASONS = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ENOTFOUND', 'no such host name'],
  ['EAI_AGAIN', 'the host name could not be looked up'],
  ['ETIMEDOUT', 'no answer'],
  ['EHOSTUNREACH', 'no route to the host'],
  ['ENETUNREACH', 'no route to the network'],
  ['ENOENT', 'there is no such socket'],
  ['28P01', 'the password was refused'],
  ['28000', 'the user was refused'],
  ['3D000', 'there is no such database'],
  ['53300', 'it has no connection left'],
  ['57P03', 'it is starting up or recovering'],
]);

/** One line for a connect to `url` that failed, without the credentials of `url`. */
export function toUnreachableError(url: string, caught: unknown): KubecensusError {
  const { host, port, database } = describeAddress(url);
  return new KubecensusError(
    'DATABASE_UNREACHABLE',
    `cannot reach PostgreSQL at ${host} port ${port}, database ${database}: ${toReason(caught)}; ` +
      'see that the server runs and that DATABASE_URL is right, or unset DATABASE_URL to use the embedded server',
    { cause: caught },
  );
}

function toReason(caught: unknown): string {
  // A name with several addresses fails with one error for each.
  const error = caught instanceof AggregateError ? (caught.errors[0] as unknown) : caught;
  const code = errorCodeOf(error);
  const known = code === undefined ? undefined : REASONS.get(code);
  if (known !== undefined) return known;
  const { message } = toError(error);
  return /timeout expired|timeout exceeded/.test(message) ? 'no answer' : (message.split('\n')[0] ?? message);
}

function describeAddress(url: string): { host: string; port: string; database: string } {
  const address = new URL(url);
  return {
    host: decodeURIComponent(address.searchParams.get('host') ?? address.hostname) || 'localhost',
    port: address.searchParams.get('port') ?? (address.port || '5432'),
    database: decodeURIComponent(address.pathname.slice(1)) || 'of the user’s name',
  };
}
