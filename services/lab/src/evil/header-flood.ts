import { afterRequest } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** Header lines without end. */
export default defineEvil({
  name: 'header-flood',
  showsCertificate: true,
  outcomes: ['present'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      connection.write('HTTP/1.1 200 OK\r\n');
      flood(connection, `X-Filler: ${'y'.repeat(100)}\r\n`);
    }),
});
