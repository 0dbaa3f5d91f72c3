import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** An answer without a length, and without an end. */
export default defineEvil({
  name: 'body-without-end',
  showsCertificate: true,
  outcomes: ['present'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      connection.write(head('200 OK', 'Content-Type: application/json'));
      flood(connection, '{"major":"1","minor":"29"}');
    }),
});
