import { toVersionBody } from '../servers/version-answers.ts';
import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';

/** Answers rightly, and stays when it should go. */
export default defineEvil({
  name: 'never-closes',
  showsCertificate: true,
  outcomes: ['answered'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      const body = toVersionBody('v1.29.0');
      const length = `Content-Length: ${Buffer.byteLength(body)}`;
      connection.write(`${head('200 OK', 'Content-Type: application/json', length, 'Connection: close')}${body}`);
    }),
});
