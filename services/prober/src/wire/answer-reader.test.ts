import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRecording } from '../../../../test/support/prober/recordings.ts';
import { handshakeOf, openServerHalf, type ServerHalf } from '../../../../test/support/prober/scripted-tls.ts';
import { AnswerReader } from './answer-reader.ts';
import { createClientHello } from './client-hello.ts';
import { type FinishedHandshake, finishHandshake } from './finish-handshake.ts';
import { parseFirstFlight } from './first-flight.ts';
import { MAX_ANSWER_BYTES } from './limits.ts';
import { WireError } from './wire-error.ts';

const SEED = 20_261_121;
const recording = readRecording('kube-apiserver-forbidden');
const records = recording.firstFlight as Buffer;
const answer = recording.answer ?? '';
const hello = createClientHello('kubecensus').next();
const request = Buffer.from('GET /version HTTP/1.1\r\n\r\n');

/** Both ends of one handshake; each call starts its record numbers afresh. */
function handshake(): { client: FinishedHandshake; server: ServerHalf } {
  const messages = handshakeOf(records);
  const client = finishHandshake(hello, parseFirstFlight(messages, messages.length), request) as FinishedHandshake;
  return { client, server: openServerHalf(hello, records, client.write) };
}

function serverStream({ finished, seal }: ServerHalf, recordSize: number): Buffer {
  const parts = [finished];
  for (let at = 0; at < answer.length; at += recordSize) parts.push(seal(23, answer.slice(at, at + recordSize)));
  return Buffer.concat([...parts, seal(21, Buffer.from([1, 0]))]);
}

function statusOf(pieces: readonly Buffer[], client: FinishedHandshake): number | string {
  const reader = new AnswerReader(client, 'GET');
  for (const piece of pieces) {
    const progress = reader.push(Buffer.from(piece));
    if (progress === 'alert') return `alert ${reader.alertDescription}`;
    if (progress === 'complete') {
      const { status, body } = reader.answer();
      expect(body.toString()).toBe(answer.slice(answer.indexOf('\r\n\r\n') + 4));
      return status;
    }
  }
  return 'incomplete';
}

it('the server half reads what the client half wrote', () => {
  expect(handshake().server.request).toBe(request.toString());
});

it('an answer reads the same however its bytes and its records are split and merged', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: answer.length }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
      (recordSize, cuts) => {
        const { client, server } = handshake();
        const bytes = serverStream(server, recordSize);
        const at = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(statusOf(pieces, client)).toBe(403);
      },
    ),
    { seed: SEED, numRuns: 100 },
  );
});

it('an answer with any byte changed is no answer', () => {
  const { client, server } = handshake();
  const bytes = serverStream(server, answer.length);
  const length = bytes.length - 31;
  const endOf = (changed: Buffer): number | string => {
    try {
      return statusOf([changed], handshake().client);
    } catch (error) {
      if (error instanceof WireError) return error.code;
      throw error;
    }
  };
  for (let at = 0; at < length; at++) {
    const changed = Buffer.from(bytes.subarray(0, length));
    changed[at] = (changed[at] as number) ^ 0x11;
    expect(endOf(changed)).not.toBe(403);
  }
  expect(statusOf([bytes.subarray(0, length)], client)).toBe(403);
});

it.each([
  ['under', MAX_ANSWER_BYTES - 1, 'incomplete'],
  ['at', MAX_ANSWER_BYTES, 'incomplete'],
  ['over', MAX_ANSWER_BYTES + 1, 'WIRE_TOO_LARGE'],
])('bytes %s the cap are taken as they should be', (_, size, end) => {
  const { client, server } = handshake();
  const parts = [server.finished];
  const nothing = server.seal(22, Buffer.alloc(4));
  let length = server.finished.length;
  for (let record = nothing; length + record.length <= size; record = server.seal(22, Buffer.alloc(4))) {
    parts.push(record);
    length += record.length;
  }
  // A record that is announced and does not come fills what is left.
  const rest = Buffer.alloc(size - length);
  Buffer.from([23, 3, 3, 0x40, 0]).copy(rest);
  const take = (): string => {
    try {
      return String(statusOf([...parts, rest], client));
    } catch (error) {
      return error instanceof WireError ? error.code : 'another error';
    }
  };
  expect(take()).toBe(end);
});
