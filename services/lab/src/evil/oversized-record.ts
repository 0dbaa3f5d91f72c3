import { withFirstBytes } from '../servers/tls-server.ts';
import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** A record longer than TLS allows. */
export default defineEvil({
  name: 'oversized-record',
  showsCertificate: false,
  outcomes: ['malformed-tls'],
  behave: () => (socket, arrival) =>
    withFirstBytes(socket, arrival, () => {
      socket.resume();
      socket.write(Buffer.of(22, 3, 3, 0xff, 0xff));
      flood(socket, Buffer.alloc(1024, 1));
    }),
});
