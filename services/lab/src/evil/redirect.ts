import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';

const LOCATIONS = ['http://127.0.0.1:61230/', 'file:///etc/passwd', '/version', 'https://127.0.0.1:6443/version'];

/** Sends the client elsewhere: to this machine, to a file, to itself. */
export default defineEvil({
  name: 'redirect',
  showsCertificate: true,
  outcomes: ['answered'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      const location = LOCATIONS[context.variant % LOCATIONS.length] ?? '/';
      connection.end(head('302 Found', `Location: ${location}`, 'Content-Length: 0', 'Connection: close'));
    }),
});
