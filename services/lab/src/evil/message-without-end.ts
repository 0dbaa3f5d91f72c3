import { RECORD, toRecord } from '../servers/go-tls/records.ts';
import { withFirstBytes } from '../servers/tls-server.ts';
import { defineEvil } from './define-evil.ts';
import { flood } from './flood.ts';

/** A handshake message of sixteen megabytes, in small records. */
export default defineEvil({
  name: 'message-without-end',
  showsCertificate: false,
  outcomes: ['malformed-tls'],
  behave: () => (socket, arrival) =>
    withFirstBytes(socket, arrival, () => {
      socket.resume();
      socket.write(Buffer.of(22, 3, 3, 0, 4, 2, 0xff, 0xff, 0xff));
      flood(socket, toRecord(RECORD.handshake, Buffer.alloc(1000)));
    }),
});
