import { afterRequest } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** One header line that never ends. */
export default defineEvil({
  name: 'header-without-end',
  showsCertificate: true,
  outcomes: ['present'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      connection.write('HTTP/1.1 200 OK\r\nX-Filler: ');
      flood(connection, 'y');
    }),
});
