import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../../../test/support/prober/recordings.ts';
import { HttpReader } from './http-reader.ts';
import {
  MAX_CHUNK_LINE_BYTES,
  MAX_HEADER_BYTES,
  MAX_HEADER_LINES,
  MAX_INFORMATIONAL,
  MAX_RESPONSE_BYTES,
} from './limits.ts';
import { WireError } from './wire-error.ts';

const SEED = 20_261_121;

function read(text: string | Buffer, { method = 'GET', ends = false } = {}) {
  const reader = new HttpReader(method);
  reader.push(Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1'));
  if (ends) reader.end();
  return reader.isComplete ? reader.answer() : 'incomplete';
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof WireError) return error.code;
    throw error;
  }
  return undefined;
}

const bodyOf = (answer: ReturnType<typeof read>) => (answer === 'incomplete' ? answer : answer.body.toString('latin1'));

describe('an answer is whole', () => {
  it.each([
    ['by its length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'ok'],
    ['by a length of nothing', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ''],
    ['by two equal lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok', 'ok'],
    [
      'by its chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\no\r\n1 \r\nk\r\n0\r\nTrailer: x\r\n\r\n',
      'ok',
    ],
    [
      'by chunks, whatever the length says',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      'ok',
    ],
    [
      'after informational answers',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      'ok',
    ],
    ['with bare line feeds', 'HTTP/1.0 200\nContent-Length: 2\n\nok', 'ok'],
    ['with bytes behind it', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more', 'ok'],
    ['without content for 204', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', ''],
    ['without content for 304', 'HTTP/1.1 304 Not Modified\r\n\r\n', ''],
  ])('%s', (_, text, body) => {
    expect(bodyOf(read(text))).toBe(body);
  });

  it('by the close, and not before', () => {
    expect(read('HTTP/1.1 200 OK\r\n\r\nok')).toBe('incomplete');
    expect(bodyOf(read('HTTP/1.1 200 OK\r\n\r\nok', { ends: true }))).toBe('ok');
  });

  it('without content when HEAD was asked', () => {
    expect(bodyOf(read('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n', { method: 'HEAD' }))).toBe('');
  });
});

it('an answer that the close cuts is not whole', () => {
  expect(read('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok', { ends: true })).toBe('incomplete');
  expect(read('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n', { ends: true })).toBe('incomplete');
  expect(read('HTTP/1.1 200 OK\r\nServer: x\r\n', { ends: true })).toBe('incomplete');
});

it('header names come in lower case, in the order of the server', () => {
  const answer = read(
    'HTTP/1.1 403 Forbidden\r\nX-Kubernetes-Pf-Flowschema-Uid: a-b\r\nSERVER:\t nginx \r\nContent-Length: 0\r\n\r\n',
  );
  expect(answer).toMatchObject({
    status: 403,
    headers: [
      ['x-kubernetes-pf-flowschema-uid', 'a-b'],
      ['server', 'nginx'],
      ['content-length', '0'],
    ],
  });
});

it('a coded body is left as it is', () => {
  const bomb = Buffer.from('1f8b0800000000000003', 'hex');
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
  expect(read(Buffer.concat([Buffer.from(head), bomb]))).toMatchObject({ body: bomb });
});

describe('refused as malformed', () => {
  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['HTTP/2', 'HTTP/2 200 OK\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n'],
    ['a status that starts with zero', 'HTTP/1.1 020 OK\r\n'],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n'],
    ['a header with a space in its name', 'HTTP/1.1 200 OK\r\nServer : x\r\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n'],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n'],
    ['a length in words', 'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n'],
    ['a coding other than chunked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['a chunk size in words', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a chunk longer than its size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n'],
  ])('%s', (_, text) => {
    expect(codeOf(() => read(text))).toBe('WIRE_MALFORMED');
  });
});

describe('caps', () => {
  const head = 'HTTP/1.1 200 OK\r\n';
  const cases: [string, number, (size: number) => string][] = [
    ['bytes of headers', MAX_HEADER_BYTES, (size) => `${head}A: ${'x'.repeat(size - head.length - 7)}\r\n\r\n`],
    ['header lines', MAX_HEADER_LINES, (size) => `${head}${'A: b\r\n'.repeat(size)}\r\n`],
    ['informational answers', MAX_INFORMATIONAL, (size) => `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(size)}${head}`],
    ['bytes of content by length', MAX_RESPONSE_BYTES, (size) => `${head}Content-Length: ${size}\r\n\r\n`],
    ['bytes of content by close', MAX_RESPONSE_BYTES, (size) => `${head}\r\n${'x'.repeat(size)}`],
    [
      'bytes of content by chunks',
      MAX_RESPONSE_BYTES,
      (size) => `${head}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n${(size - 1).toString(16)}\r\n`,
    ],
    [
      'bytes of a chunk line',
      MAX_CHUNK_LINE_BYTES,
      (size) => `${head}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(size - 4)}\r\n`,
    ],
    [
      'bytes of headers and trailers',
      MAX_HEADER_BYTES,
      (size) => {
        const start = `${head}Transfer-Encoding: chunked\r\n\r\n`;
        return `${start}0\r\nA: ${'x'.repeat(size - start.length - 7)}\r\n\r\n`;
      },
    ],
  ];
  it.each(cases)('on %s', (_, cap, textOf) => {
    expect(codeOf(() => read(textOf(cap - 1)))).toBeUndefined();
    expect(codeOf(() => read(textOf(cap)))).toBeUndefined();
    expect(codeOf(() => read(textOf(cap + 1)))).toBe('WIRE_TOO_LARGE');
  });

  it('hold for a line that never ends', () => {
    const reader = new HttpReader('GET');
    const pushes = () => {
      for (let sent = 0; sent <= MAX_HEADER_BYTES; sent++) reader.push(Buffer.from('x'));
    };
    expect(codeOf(pushes)).toBe('WIRE_TOO_LARGE');
  });

  it('hold for a chunk extension that never ends', () => {
    const reader = new HttpReader('GET');
    reader.push(Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n5;`));
    const pushes = () => {
      for (let sent = 0; sent <= MAX_CHUNK_LINE_BYTES; sent++) reader.push(Buffer.from('a'));
    };
    expect(codeOf(pushes)).toBe('WIRE_TOO_LARGE');
  });

  it.each(['999999999999999', '1'.padEnd(17, '0'), '9'.repeat(400)])(
    'an announced length of %s is refused before it comes',
    (length) => {
      expect(codeOf(() => read(`${head}Content-Length: ${length}\r\n\r\n`))).toBe('WIRE_TOO_LARGE');
    },
  );
});

it('an answer reads the same however it is split', () => {
  const texts = [
    readRecording('kube-apiserver-forbidden').answer ?? '',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\na\r\n0123456789\r\n0\r\nT: u\r\n\r\n',
  ];
  for (const text of texts) {
    const bytes = Buffer.from(text, 'latin1');
    const whole = read(bytes);
    expect(whole).not.toBe('incomplete');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 20 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const reader = new HttpReader('GET');
        for (let index = 1; index < at.length; index++) reader.push(bytes.subarray(at[index - 1], at[index]));
        expect(reader.answer()).toEqual(whole);
      }),
      { seed: SEED, numRuns: 200 },
    );
  }
});

it('fuzz: the reader returns or throws its own error on lines of every kind in any order', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 100 Continue\r\n',
      '\r\n',
      '\n',
      'Content-Length: 5\r\n',
      'Transfer-Encoding: chunked\r\n',
      '5\r\n',
      'hello',
      '0\r\n',
      '\0',
      ':\r\n',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), fc.boolean(), (lines, ends) => {
      codeOf(() => {
        const reader = new HttpReader('GET');
        for (const each of lines) reader.push(Buffer.from(each, 'latin1'));
        if (ends) reader.end();
        if (reader.isComplete) reader.answer();
      });
    }),
    { seed: SEED, numRuns: 2000 },
  );
});
