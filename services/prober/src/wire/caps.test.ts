import { readdirSync, readFileSync } from 'node:fs';
import { MAX_CHAIN } from '@kubecensus/shared/messages';
import { afterEach, describe, expect, it } from 'vitest';
import { HostileHosts } from '../../../../test/support/prober/hostile-hosts.ts';
import { readRecording } from '../../../../test/support/prober/recordings.ts';
import { handshakeOf, openServerHalf, toRecords } from '../../../../test/support/prober/scripted-tls.ts';
import { startTcpServer } from '../../../../test/support/prober/servers.ts';
import { AnswerReader } from './answer-reader.ts';
import { createClientHello } from './client-hello.ts';
import { type FinishedHandshake, finishHandshake } from './finish-handshake.ts';
import { parseFirstFlight, type ServerFlight } from './first-flight.ts';
import { FlightReader } from './flight-reader.ts';
import * as limits from './limits.ts';
import { MAX_PLAINTEXT_BYTES, MAX_PROTECTION_BYTES } from './tls-constants.ts';
import { WireError } from './wire-error.ts';

const hosts = new HostileHosts();
afterEach(() => hosts.close());

function vector(bytes: Buffer, lengthBytes: number): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(bytes.length, 0, lengthBytes);
  return Buffer.concat([length, bytes]);
}

const message = (type: number, body: Buffer) => Buffer.concat([Buffer.from([type]), vector(body, 3)]);
const many = (count: number, of: Buffer) => Buffer.concat(Array.from({ length: count }, () => of));
const hello = (extensions: Buffer) =>
  message(2, Buffer.concat([Buffer.from('0303', 'hex'), Buffer.alloc(33), Buffer.from('c02f00', 'hex'), extensions]));
const done = message(14, Buffer.alloc(0));

function read(handshake: Buffer, recordSize?: number): ServerFlight | undefined {
  const reader = new FlightReader();
  if (reader.push(toRecords(handshake, recordSize)) !== 'complete') return undefined;
  return parseFirstFlight(Buffer.from(reader.handshake.subarray(0, reader.handshakeLength)), reader.handshakeLength);
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

it('every limit of this room is named by a test of this room', () => {
  const folder = new URL('.', import.meta.url);
  const tests = readdirSync(folder).filter((file) => file.endsWith('.test.ts') && file !== 'caps.test.ts');
  const own = readFileSync(new URL(import.meta.url), 'utf8');
  const text = tests.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('') + own;
  expect(Object.keys(limits).filter((name) => !text.includes(name))).toEqual([]);
});

describe('a first flight', () => {
  const { MAX_CLIENT_CAS, MAX_FIRST_FLIGHT_MESSAGES } = limits;

  it.each([
    // Which message it is comes later: all but the last are out of their order.
    ['under', MAX_FIRST_FLIGHT_MESSAGES - 1, 'WIRE_MALFORMED'],
    ['at', MAX_FIRST_FLIGHT_MESSAGES, 'WIRE_MALFORMED'],
    ['over', MAX_FIRST_FLIGHT_MESSAGES + 1, 'WIRE_TOO_LARGE'],
  ])('with a number of messages %s the cap', (_, count, code) => {
    const middle = many(count - 2, message(22, Buffer.alloc(1)));
    expect(codeOf(() => read(Buffer.concat([hello(Buffer.alloc(0)), middle, done])))).toBe(code);
  });

  it.each([
    ['under', 63, undefined],
    ['at', 64, undefined],
    ['over', 65, 'WIRE_TOO_LARGE'],
  ])('with a number of extensions %s the cap', (_, count, code) => {
    const extensions = vector(many(count, Buffer.from('ff010000', 'hex')), 2);
    expect(codeOf(() => expect(read(Buffer.concat([hello(extensions), done]))?.extensions).toHaveLength(count))).toBe(
      code,
    );
  });

  it.each([
    ['under', MAX_CHAIN - 1, MAX_CHAIN - 1],
    ['at', MAX_CHAIN, MAX_CHAIN],
    ['over', MAX_CHAIN + 1, MAX_CHAIN],
  ])('with a chain %s the cap is counted whole and kept to the cap', (_, count, kept) => {
    const chain = message(11, vector(many(count, vector(Buffer.from('c'), 3)), 3));
    const flight = read(Buffer.concat([hello(Buffer.alloc(0)), chain, done]));
    expect(flight?.chainLength).toBe(count);
    expect(flight?.chain).toHaveLength(kept);
  });

  it.each([
    ['under', MAX_CLIENT_CAS - 1, MAX_CLIENT_CAS - 1],
    ['at', MAX_CLIENT_CAS, MAX_CLIENT_CAS],
    ['over', MAX_CLIENT_CAS + 1, MAX_CLIENT_CAS],
  ])('with a number of client CAs %s the cap keeps them to the cap', (_, count, kept) => {
    const names = vector(many(count, vector(Buffer.from('n'), 2)), 2);
    const request = message(13, Buffer.concat([Buffer.from([1, 1]), vector(Buffer.from('0401', 'hex'), 2), names]));
    const flight = read(Buffer.concat([hello(Buffer.alloc(0)), request, done]));
    expect(flight?.certificateRequest?.clientCas).toHaveLength(kept);
  });

  it.each([
    ['under', MAX_PLAINTEXT_BYTES - 1, undefined],
    ['at', MAX_PLAINTEXT_BYTES, undefined],
    ['over', MAX_PLAINTEXT_BYTES + 1, 'WIRE_MALFORMED'],
  ])('in records %s the largest', (_, size, code) => {
    const chain = message(11, vector(vector(Buffer.alloc(40_000), 3), 3));
    const handshake = Buffer.concat([hello(Buffer.alloc(0)), chain, done]);
    expect(codeOf(() => expect(read(handshake, size)?.chainLength).toBe(1))).toBe(code);
  });
});

it.each([
  ['under', MAX_PLAINTEXT_BYTES + MAX_PROTECTION_BYTES - 1, undefined],
  ['at', MAX_PLAINTEXT_BYTES + MAX_PROTECTION_BYTES, undefined],
  ['over', MAX_PLAINTEXT_BYTES + MAX_PROTECTION_BYTES + 1, 'WIRE_MALFORMED'],
])('a protected record that announces a length %s the largest', (_, length, code) => {
  const records = readRecording('kube-apiserver-forbidden').firstFlight as Buffer;
  const messages = handshakeOf(records);
  const clientHello = createClientHello('kubecensus').next();
  const flight = parseFirstFlight(messages, messages.length);
  const client = finishHandshake(clientHello, flight, Buffer.from('GET /')) as FinishedHandshake;
  const reader = new AnswerReader(client, 'GET');
  reader.push(openServerHalf(clientHello, records, client.write).finished);
  expect(codeOf(() => reader.push(Buffer.from([23, 3, 3, length >> 8, length & 0xff])))).toBe(code);
});

describe('an answer of a plain port', () => {
  const { MAX_ANSWER_BYTES } = limits;
  const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

  it.each([
    ['under', MAX_ANSWER_BYTES - 1, true],
    ['at', MAX_ANSWER_BYTES, true],
    ['over', MAX_ANSWER_BYTES + 1, false],
  ])('with a number of bytes %s the cap', async (_, bytes, isTaken) => {
    // Chunks of one byte: little content, many bytes. The trailer fills what is left.
    const chunks = '1\r\nx\r\n'.repeat(Math.floor((bytes - HEAD.length - 200) / 6));
    const left = bytes - HEAD.length - chunks.length - '0\r\nT: \r\n\r\n'.length;
    const answer = `${HEAD}${chunks}0\r\nT: ${'t'.repeat(left)}\r\n\r\n`;
    expect(answer).toHaveLength(bytes);
    const server = startTcpServer((socket) => void socket.once('data', () => socket.end(answer)));
    const observation = await hosts.look(server, hosts.startProbe(), 'kubelet-read-only');
    expect(observation.evidence.response?.status).toBe(isTaken ? 200 : undefined);
  });
});
