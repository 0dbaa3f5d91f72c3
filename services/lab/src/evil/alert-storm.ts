import { withFirstBytes } from '../servers/tls-server.ts';
import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** warning(1), no_renegotiation(100). */
const NO_RENEGOTIATION = Buffer.of(21, 3, 3, 0, 2, 1, 100);

/** Warnings without end in answer to the hello. */
export default defineEvil({
  name: 'alert-storm',
  showsCertificate: false,
  outcomes: ['malformed-tls'],
  behave: () => (socket, arrival) =>
    withFirstBytes(socket, arrival, () => {
      socket.resume();
      flood(socket, NO_RENEGOTIATION);
    }),
});
