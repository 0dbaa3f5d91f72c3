import { toVersionBody } from '../servers/version-answers.ts';
import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';

/** Right in every bit, and in the smallest records that TLS allows. */
export default defineEvil({
  name: 'one-byte-records',
  showsCertificate: true,
  outcomes: ['answered'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      const body = toVersionBody('v1.29.0');
      const length = `Content-Length: ${Buffer.byteLength(body)}`;
      const answer = `${head('200 OK', 'Content-Type: application/json', length, 'Connection: close')}${body}`;
      for (const byte of Buffer.from(answer)) connection.write(Buffer.of(byte));
      connection.end();
    }),
});
