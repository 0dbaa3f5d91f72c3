import { afterRequest, head } from './after-handshake.ts';
import { defineEvil } from './define-evil.ts';

const LENGTHS = [['500'], ['5'], ['26', '5'], ['-1'], ['0x1a'], ['99999999999999999999']];

/** Announces more than it sends, or less, or two lengths, or none that is a number. */
export default defineEvil({
  name: 'false-content-length',
  showsCertificate: true,
  outcomes: ['present', 'answered'],
  behave: (context) =>
    afterRequest(context, (connection) => {
      const lengths = LENGTHS[context.variant % LENGTHS.length] ?? [];
      connection.end(
        `${head('200 OK', ...lengths.map((length) => `Content-Length: ${length}`))}{"major":"1","minor":"29"}`,
      );
    }),
});
