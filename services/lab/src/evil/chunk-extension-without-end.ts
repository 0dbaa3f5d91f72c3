import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** A chunk of one byte whose extension never ends. */
export default defineEvil({
  name: 'chunk-extension-without-end',
  showsCertificate: true,
  outcomes: ['present'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      connection.write(`${head('200 OK', 'Transfer-Encoding: chunked')}1;x=`);
      flood(connection, 'y');
    }),
});
