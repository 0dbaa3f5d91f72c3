import { withFirstBytes } from '../servers/tls-server.ts';
import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** A web page in answer to the hello, without end. */
export default defineEvil({
  name: 'page-without-end',
  showsCertificate: false,
  outcomes: ['not-tls'],
  behave: () => (socket, arrival) =>
    withFirstBytes(socket, arrival, () => {
      socket.resume();
      socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n');
      flood(socket, '<p>hello</p>');
    }),
});
