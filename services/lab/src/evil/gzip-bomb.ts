import { gzipSync } from 'node:zlib';
import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';

const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '), { level: 9 });

/** A page that was not asked for in this coding: 64 KB that unpack to 64 MB. */
export default defineEvil({
  name: 'gzip-bomb',
  showsCertificate: true,
  outcomes: ['answered'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      const headers = ['Content-Type: application/json', 'Content-Encoding: gzip', `Content-Length: ${BOMB.length}`];
      connection.write(head('200 OK', ...headers));
      connection.end(BOMB);
    }),
});
