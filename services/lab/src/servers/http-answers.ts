import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpAnswer } from './server-specification.ts';

/** Stands in a body for the moment at which it is sent. */
export const NOW = '{now}';

/** Go's net/http reads at most this much of a request's header (DefaultMaxHeaderBytes is 1 MB; the lab is stricter). */
export const MAX_REQUEST_BYTES = 16 * 1024;

/** net/http's words for a request that it cannot take. */
function refusal(status: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`;
}

const BAD_REQUEST = refusal('400 Bad Request');
const TOO_LARGE = refusal('431 Request Header Fields Too Large');

export interface HttpRequest {
  method: string;
  path: string;
  /** Names in lower case; the last of equal names. */
  headers: ReadonlyMap<string, string>;
}

export type Answers = readonly (readonly [path: string, answer: HttpAnswer])[];

/** Reads a request's head; null where it is none. */
export function parseRequest(head: string): HttpRequest | null {
  const [line = '', ...rest] = head.split('\r\n');
  const match = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(line);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  const headers = new Map<string, string>();
  for (const text of rest) {
    const colon = text.indexOf(':');
    if (colon < 1) return null;
    headers.set(text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim());
  }
  return { method: match[1], path: match[2], headers };
}

/** The bytes of an answer in the order of the transcripts: the handler's headers, Date, Content-Length, Connection. */
export function toAnswerBytes(answer: HttpAnswer, options: { close: boolean; method: string }): string {
  const body = answer.body.replaceAll(NOW, new Date().toISOString().replace('T', ' ').replace('Z', ' +0000 UTC'));
  const headers: (readonly [string, string])[] = [
    ...answer.headers,
    ['Date', new Date().toUTCString()],
    ['Content-Length', String(Buffer.byteLength(body))],
    ...(options.close ? ([['Connection', 'close']] as const) : []),
  ];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines}\r\n${options.method === 'HEAD' ? '' : body}`;
}

function toAnswer(request: HttpRequest, answers: Answers, auditId: boolean): HttpAnswer {
  const path = request.path.split('?', 1)[0];
  const found = answers.find(([entry]) => entry === path || entry === '*');
  const answer = found?.[1] ?? { status: 404, headers: [], body: '404 page not found\n' };
  return auditId ? { ...answer, headers: [['Audit-Id', randomUUID()], ...answer.headers] } : answer;
}

/** Answers requests on a connection, in turn, until the client asks for its end. */
export function answerRequests(
  connection: Duplex,
  options: {
    answers: Answers;
    /** Every kube-apiserver since 1.2x names its audit record; random, so it identifies nothing. */
    auditId: boolean;
    onBytes?: (bytes: Buffer) => void;
    onRequest?: (request: HttpRequest) => void;
  },
): void {
  let waiting = '';
  let over = false;

  function finish(text: string): void {
    over = true;
    connection.end(text);
  }

  connection.on('data', (bytes: Buffer) => {
    options.onBytes?.(bytes);
    if (over) return;
    waiting += bytes.toString('latin1');
    // A ClientHello, for instance: servers refuse it at its first byte and do not wait for a line's end.
    if (!/^[A-Z]/.test(waiting)) finish(BAD_REQUEST);
    while (!over) {
      const end = waiting.indexOf('\r\n\r\n');
      if ((end < 0 ? waiting.length : end) > MAX_REQUEST_BYTES) finish(TOO_LARGE);
      if (over || end < 0) return;
      const request = parseRequest(waiting.slice(0, end));
      waiting = waiting.slice(end + 4);
      if (request === null) return finish(BAD_REQUEST);
      options.onRequest?.(request);
      const close = request.headers.get('connection')?.toLowerCase() === 'close';
      const text = toAnswerBytes(toAnswer(request, options.answers, options.auditId), {
        close,
        method: request.method,
      });
      if (close) finish(text);
      else connection.write(text);
    }
  });
}
