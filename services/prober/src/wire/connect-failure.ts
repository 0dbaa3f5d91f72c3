/** How a connect came to nothing. */
export type ConnectFailure = 'connection-refused' | 'connection-timeout' | 'unreachable' | 'closed-silently';

/** Errors of `connect` that say something of this machine and nothing of the target. */
export const LOCAL_TROUBLE: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL', // out of ephemeral ports, or a source address that is not ours
  'EADDRINUSE',
  'EPERM', // a local packet filter, or its table of connections is full
]);

/** The finding behind a system error of `connect` that is no local trouble. */
export function connectFailure(systemCode: string): ConnectFailure {
  switch (systemCode) {
    case 'ECONNREFUSED':
      return 'connection-refused';
    case 'ETIMEDOUT':
      return 'connection-timeout';
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return 'closed-silently';
    default:
      return 'unreachable';
  }
}
