import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerRequests } from '../servers/http-answers.ts';
import { serveTls, withFirstBytes } from '../servers/tls-server.ts';
import { toVersionBody } from '../servers/version-answers.ts';
import { defineEvil } from './define-evil.ts';
import { through } from './through.ts';

/** A first flight and an answer have about 2,300 bytes; 37 has no factor in common with them. */
const STEP_BYTES = 37;
const ROUND_BYTES = 2300;
/** What was written must have left before the reset overtakes it. */
const SETTLE_MS = 20;

/** Lets `limit` bytes through and then resets the connection. */
function cutAfter(socket: Socket, limit: number): Duplex {
  let left = limit;
  return through(socket, (bytes) => {
    const allowed = bytes.subarray(0, left);
    left -= allowed.length;
    if (allowed.length > 0) socket.write(allowed);
    if (left === 0) setTimeout(() => socket.resetAndDestroy(), SETTLE_MS);
  });
}

/** A good answer, cut off with a reset: each host after some other number of bytes. */
export default defineEvil({
  name: 'reset',
  showsCertificate: true,
  outcomes: ['closed-silently', 'malformed-tls', 'present', 'answered'],
  behave:
    ({ tls, contexts, variant }) =>
    (socket, arrival) =>
      withFirstBytes(socket, arrival, (first) =>
        serveTls(cutAfter(socket, (variant * STEP_BYTES) % ROUND_BYTES), first, {
          tls,
          contexts,
          onSecure: (connection) => {
            const body = toVersionBody('v1.29.0');
            const answer = { status: 200, headers: [['Content-Type', 'application/json']] as const, body };
            answerRequests(connection, { answers: [['*', answer]], auditId: true });
          },
        }),
      ),
});
