import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';

/** A version document of thirty thousand opening brackets. */
export default defineEvil({
  name: 'deep-json',
  showsCertificate: true,
  outcomes: ['answered'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      const body = '['.repeat(30_000);
      connection.end(`${head('200 OK', 'Content-Type: application/json', `Content-Length: ${body.length}`)}${body}`);
    }),
});
