import type { Duplex } from 'node:stream';
import { errorCodeOf, KubecensusError } from '@kubecensus/shared/errors';
import type { FastifyReply } from 'fastify';
import { type Problem, toProblem } from './problem.ts';

const MEDIA_TYPE = 'application/problem+json';

/** What node says of a request that it could not read; anything else of it is a bad request. */
const STATUSES: Readonly<Record<string, [status: number, reason: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
};

export async function sendProblem(error: Error, reply: FastifyReply): Promise<Problem> {
  const problem = toProblem(error);
  // An error has no tag: what asks again with one must not be told that nothing changed.
  reply.removeHeader('etag');
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  await reply.status(problem.status).type(MEDIA_TYPE).send(JSON.stringify(problem));
  return problem;
}

/** A request that is none is answered on its socket: there is no request yet, and nothing else reads it. */
export function refuseConnection(error: Error, socket: Duplex): void {
  if (errorCodeOf(error) === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] = STATUSES[errorCodeOf(error) ?? ''] ?? [400, 'Bad Request'];
  const problem = toProblem(new KubecensusError('API_REQUEST_INVALID', `no HTTP request was read: ${error.message}`));
  const body = JSON.stringify({ ...problem, status });
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    `content-type: ${MEDIA_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
