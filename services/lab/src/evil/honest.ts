import type { Behaviour } from '../servers/behaviour.ts';
import { toVersionBody } from '../servers/version-answers.ts';
import { afterRequest, head } from './after-handshake.ts';
import type { EvilContext } from './define-evil.ts';

/** Answers `/version` as it should: for hosts whose harm lies elsewhere. */
export function honest(context: EvilContext): Behaviour {
  return afterRequest(context, (connection) => {
    const body = toVersionBody('v1.29.0');
    const length = `Content-Length: ${Buffer.byteLength(body)}`;
    connection.end(`${head('200 OK', 'Content-Type: application/json', length, 'Connection: close')}${body}`);
  });
}
