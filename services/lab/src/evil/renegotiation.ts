import { GoConnection } from '../servers/go-tls/go-connection.ts';
import { RECORD } from '../servers/go-tls/records.ts';
import { afterRequest } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';

const HELLO_REQUEST = Buffer.of(0, 0, 0, 0);

/** Asks for another handshake where the answer should be, again and again. */
export default defineEvil({
  name: 'renegotiation',
  showsCertificate: true,
  outcomes: ['present'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      if (!(connection instanceof GoConnection)) {
        connection.destroy();
        return;
      }
      const timer = setInterval(() => connection.send(RECORD.handshake, HELLO_REQUEST), 50);
      connection.once('close', () => clearInterval(timer));
    }),
});
