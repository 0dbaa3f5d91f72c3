import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** Announces a petabyte and begins to send it. */
export default defineEvil({
  name: 'huge-content-length',
  showsCertificate: true,
  outcomes: ['present'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      connection.write(head('200 OK', 'Content-Type: application/json', 'Content-Length: 1000000000000000'));
      flood(connection, '{"major":"1"} ');
    }),
});
