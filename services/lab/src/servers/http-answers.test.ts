import { Duplex, PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerRequests, MAX_REQUEST_BYTES, parseRequest } from './http-answers.ts';
import type { HttpAnswer } from './server-specification.ts';

const OK: HttpAnswer = { status: 200, headers: [['Content-Type', 'text/plain']], body: 'ok' };
const OTHER: HttpAnswer = { status: 403, headers: [], body: 'no' };

/** Everything that comes back for `chunks`, and whether the connection was ended. */
async function exchange(chunks: readonly (string | Buffer)[]): Promise<{ text: string; ended: boolean }> {
  const incoming = new PassThrough();
  let text = '';
  let ended = false;
  const connection = Duplex.from({
    readable: incoming,
    writable: new PassThrough()
      .on('data', (bytes: Buffer) => {
        text += bytes.toString('latin1');
      })
      .on('end', () => {
        ended = true;
      }),
  });
  connection.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    connection.once('close', resolve);
  });
  answerRequests(connection, {
    answers: [
      ['/version', OK],
      ['*', OTHER],
    ],
    auditId: false,
  });
  for (const chunk of chunks) incoming.write(chunk);
  incoming.end();
  await closed;
  return { text, ended };
}

it('a request in pieces is answered once, by its path, and the connection ends when it is asked to', async () => {
  const { text, ended } = await exchange(['GET /ver', 'sion?x=1 HTTP/1.1\r\nHost: a\r\nConne', 'ction: close\r\n\r\n']);
  expect(text).toMatch(
    /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/plain\r\nDate: .*\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok$/,
  );
  expect(ended).toBe(true);
});

it('two requests on one connection get two answers', async () => {
  const { text } = await exchange(['GET /version HTTP/1.1\r\n\r\nGET /else HTTP/1.1\r\nConnection: close\r\n\r\n']);
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403']);
});

it('a HEAD request gets the headers of the answer without its body', async () => {
  const { text } = await exchange(['HEAD /version HTTP/1.1\r\nConnection: close\r\n\r\n']);
  expect(text).toMatch(/Content-Length: 2\r\nConnection: close\r\n\r\n$/);
});

it.each([Buffer.of(0x16, 3, 1, 0, 200, 1), 'GET\r\n\r\n', 'GET / HTTP/1.1\r\nno colon\r\n\r\n'])(
  'what is no request is refused with 400',
  async (bytes) => {
    expect((await exchange([bytes])).text).toMatch(/^HTTP\/1\.1 400 /);
  },
);

it.each([
  [-1, true],
  [0, true],
  [1, false],
])('a head of the cap %i bytes is answered: %s', async (beyond, answered) => {
  const head = 'GET /version HTTP/1.1\r\nConnection: close\r\nX: ';
  const filler = 'y'.repeat(MAX_REQUEST_BYTES + beyond - head.length);
  const { text } = await exchange([`${head}${filler}`, '\r\n\r\n']);
  expect(text.startsWith('HTTP/1.1 200')).toBe(answered);
});

it('no bytes of a stranger make the request reader throw', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (head) => {
      parseRequest(head);
      parseRequest(`GET / HTTP/1.1\r\n${head}`);
    }),
    { seed: 42, numRuns: 500 },
  );
});
