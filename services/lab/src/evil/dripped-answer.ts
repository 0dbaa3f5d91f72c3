import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';
import { drip } from './flood.ts';

/** Its answer is right, and comes at one byte a second. */
export default defineEvil({
  name: 'dripped-answer',
  showsCertificate: true,
  outcomes: ['present'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      const answer = `${head('200 OK', 'Content-Type: application/json', 'Content-Length: 2000')}${' '.repeat(2000)}`;
      drip(connection, Buffer.from(answer), 1000);
    }),
});
