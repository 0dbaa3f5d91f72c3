import { gzipSync } from 'node:zlib';
import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';

let packed: Buffer | undefined;

/** Packed when the first one asks: it takes 64 MB and a tenth of a second, and the command line loads this file too. */
function bomb(): Buffer {
  packed ??= gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '), { level: 9 });
  return packed;
}

/** A page that was not asked for in this coding: 64 KB that unpack to 64 MB. */
export default defineEvil({
  name: 'gzip-bomb',
  showsCertificate: true,
  outcomes: ['answered'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      const headers = ['Content-Type: application/json', 'Content-Encoding: gzip', `Content-Length: ${bomb().length}`];
      connection.write(head('200 OK', ...headers));
      connection.end(bomb());
    }),
});
