import { ALERT, type Attempt } from './wire/index.ts';

/**
 * True when a second connection, over the library, may tell more. A server that refuses the protocol version is asked
 * anywhere; one that finds no common ground (alerts 40 and 71) only where Kubernetes listens; on 443 alert 40 is how a
 * CDN asks for a name, and no second hello without one would please it.
 */
export function needsFallback(attempt: Attempt, port: number, componentPorts: readonly number[]): boolean {
  switch (attempt.end) {
    case 'unfinishable':
    case 'refused-after-finished':
      return true;
    case 'alert':
      if (attempt.alert === ALERT.protocolVersion) return true;
      if (attempt.alert === ALERT.handshakeFailure) return port !== 443 && componentPorts.includes(port);
      return attempt.alert === ALERT.insufficientSecurity && componentPorts.includes(port);
    default:
      return false;
  }
}

/** A TLS server that wants to be called by a name says so in one of three ways. */
export function isNameNeeded(alert: number, port: number): boolean {
  return (
    alert === ALERT.unrecognizedName ||
    alert === ALERT.closeNotify ||
    (alert === ALERT.handshakeFailure && port === 443)
  );
}
