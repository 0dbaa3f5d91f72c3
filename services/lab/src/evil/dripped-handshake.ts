import { serveTls, withFirstBytes } from '../servers/tls-server.ts';
import { defineEvil } from './define-evil.ts';
import { drip } from './flood.ts';
import { through } from './through.ts';

/** Its first flight is right, and comes at one byte a second. */
export default defineEvil({
  name: 'dripped-handshake',
  showsCertificate: false,
  outcomes: ['read-timeout'],
  behave:
    ({ tls, contexts }) =>
    (socket, arrival) =>
      withFirstBytes(socket, arrival, (first) => {
        const slow = through(socket, (bytes) => drip(socket, bytes, 1000));
        serveTls(slow, first, { tls, contexts, onSecure: () => undefined });
      }),
});
