import { createRandom } from '../random.ts';
import { withFirstBytes } from '../servers/tls-server.ts';
import { defineEvil } from './define-evil.ts';

/** Bytes that mean nothing. */
export default defineEvil({
  name: 'noise',
  showsCertificate: false,
  outcomes: ['not-tls', 'malformed-tls'],
  behave:
    ({ variant }) =>
    (socket, arrival) =>
      withFirstBytes(socket, arrival, () => {
        socket.end(createRandom(variant, 'noise').bytes(3000));
      }),
});
