import type { Duplex } from 'node:stream';
import type { Behaviour } from '../servers/behaviour.ts';
import { serveTls, withFirstBytes } from '../servers/tls-server.ts';
import type { EvilContext } from './define-evil.ts';

/** An honest handshake; `misbehave` gets the connection with the first bytes of the request. */
export function afterRequest(
  { tls, contexts }: EvilContext,
  misbehave: (connection: Duplex, request: Buffer) => void,
): Behaviour {
  return (socket, arrival) =>
    withFirstBytes(socket, arrival, (first) =>
      serveTls(socket, first, {
        tls,
        contexts,
        onSecure: (connection) => {
          connection.on('error', () => connection.destroy());
          connection.once('data', (request: Buffer) => {
            arrival?.request(request);
            misbehave(connection, request);
          });
        },
      }),
    );
}

/** The head of an answer with these headers, each line ended. */
export function head(status: string, ...headers: string[]): string {
  return [`HTTP/1.1 ${status}`, ...headers, '', ''].join('\r\n');
}
