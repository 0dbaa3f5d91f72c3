import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseFirstFlight } from '../services/prober/src/wire/first-flight.ts';
import { MAX_DER_BYTES, MAX_DER_STEPS } from '../shared/src/x509/der-cursor.ts';
import { altNamesDer, certificateDer, der, dnsNameDer, nameDer } from './support/der.ts';
import { readRecordings } from './support/prober/recordings.ts';
import { handshakeOf, toRecords } from './support/prober/scripted-tls.ts';

const SEED = 20_261_121;
/** Of each reader; with the cases that are there to be hard, about three seconds of CPU a reader. */
const RUNS = 150;

type Input = { bytes: Buffer; pieceBytes?: number };
type Count = { end: string; steps: number; bytesMoved: number };

let counter: Worker;
beforeAll(async () => {
  counter = new Worker(fileURLToPath(new URL('support/prober/step-counter.mjs', import.meta.url)), { execArgv: [] });
  await once(counter, 'message');
});
afterAll(() => counter.terminate());

async function count(name: string, inputs: readonly Input[]): Promise<Count[]> {
  counter.postMessage({ name, inputs });
  const [counts] = (await once(counter, 'message')) as [Count[]];
  return counts;
}

const recordings = readRecordings();
const flights = recordings.flatMap(({ firstFlight }) => firstFlight ?? []);
const answers = recordings.flatMap(({ answer }) => (answer === undefined ? [] : Buffer.from(answer, 'latin1')));
const bodies = answers.map((answer) => answer.subarray(answer.indexOf('\r\n\r\n') + 4));
const certificates = flights
  .filter((flight) => flight[0] === 22)
  .map((flight) => {
    const messages = handshakeOf(flight);
    const [leaf = { start: 0, end: 0 }] = parseFirstFlight(messages, messages.length).chain;
    return messages.subarray(leaf.start, leaf.end);
  });

/** A real one with bytes changed, cut out or put in, in pieces of some size; or anything at all. */
function brokenFrom(originals: readonly Buffer[]): fc.Arbitrary<Input> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(40),
    put: fc.uint8Array({ maxLength: 40 }),
  });
  const broken = fc
    .tuple(fc.constantFrom(...originals), fc.array(change, { maxLength: 4 }))
    .map(([original, changes]) => {
      let bytes = original;
      for (const { at, cut, put } of changes) {
        const start = Math.floor(at * bytes.length);
        bytes = Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)]);
      }
      return bytes;
    });
  const anything = fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes));
  return fc
    .tuple(fc.oneof({ arbitrary: broken, weight: 4 }, anything), fc.constantFrom(0, 1, 7, 1460))
    .map(([bytes, pieceBytes]) => ({
      bytes,
      ...(pieceBytes === 0 ? {} : { pieceBytes }),
    }));
}

const times = (count: number, of: string) => Buffer.from(of.repeat(count), 'latin1');
const serverHello = Buffer.from(`0200002a0303${'05'.repeat(32)}00c02f000000`, 'hex').subarray(0, 46);
const inPieces = (bytes: Buffer): Input[] => [{ bytes }, { bytes, pieceBytes: 1 }, { bytes, pieceBytes: 1460 }];

const HARD_FLIGHTS = [
  toRecords(Buffer.concat([serverHello, Buffer.from([11, 1, 0x80, 0]), Buffer.alloc(16_000, 1)]), 1),
  toRecords(Buffer.concat([serverHello, Buffer.from([11, 1, 0x80, 0]), Buffer.alloc(98_000, 1)])),
  toRecords(Buffer.concat([serverHello, ...Array.from({ length: 20_000 }, () => Buffer.from([22, 0, 0, 0]))])),
  Buffer.from('15030300020170'.repeat(14_000), 'hex'),
  Buffer.concat([toRecords(serverHello), Buffer.from('150303000101'.repeat(16_000), 'hex')]),
].flatMap(inPieces);

const nest = (depth: number) => {
  let bytes: Buffer = Buffer.alloc(0);
  for (let level = 0; level < depth; level++) bytes = der(0x30, bytes);
  return bytes;
};
const HARD_CERTIFICATES = [
  nest(20_000),
  certificateDer({ subject: nest(5000) }),
  certificateDer({ extensions: [altNamesDer(...Array.from({ length: 40_000 }, () => der(0x82, Buffer.alloc(0))))] }),
  certificateDer({
    extensions: [altNamesDer(...Array.from({ length: 6000 }, (_, at) => dnsNameDer(`n${at}.example`)))],
  }),
  certificateDer({
    subject: der(
      0x30,
      ...Array.from({ length: 8000 }, () =>
        der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('x')))),
      ),
    ),
  }),
  certificateDer({ subject: nameDer('x'.repeat(100_000)) }),
  certificateDer({ subject: der(0x30, der(0x31, ...Array.from({ length: 12_000 }, () => der(0x30)))) }),
  Buffer.alloc(MAX_DER_BYTES, 0x30),
  Buffer.alloc(MAX_DER_BYTES + 1, 0x30),
  der(0x30, Buffer.alloc(2 * MAX_DER_STEPS + 2)),
].map((bytes): Input => ({ bytes }));

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const HARD_ANSWERS = [
  times(1, `${CHUNKED}${'1\r\nx\r\n'.repeat(20_000)}0\r\n\r\n`),
  times(1, `${CHUNKED}${`1;${'e'.repeat(240)}\r\nx\r\n`.repeat(700)}`),
  times(1, `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(3000)}\r\n`),
  times(1, `HTTP/1.1 200 OK\r\nA:${' '.repeat(16_000)}x\r\n\r\n`),
  times(1, `HTTP/1.1 200 OK\r\n${'A'.repeat(16_000)}`),
  times(1, `HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(16_000)}\r\n\r\n`),
  times(1, `HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n${'x'.repeat(65_536)}`),
  times(4000, 'HTTP/1.1 100 Continue\r\n\r\n'),
  times(100_000, '\r\n'),
].flatMap(inPieces);

const HARD_VERSIONS = [
  times(8000, '['),
  times(8000, '{"a":'),
  times(1, `{${'"a":1,'.repeat(2500)}"a":1}`),
  times(1, `{"gitVersion":"v1.${'9'.repeat(16_000)}"}`),
  times(1, `{"gitVersion":"v1.29.3${'-dirty'.repeat(2600)}"}`),
  times(1, `v1.2.3${'-.+'.repeat(40)}`),
  times(1, `v1.2.3+${'rc.'.repeat(40)}`),
  times(1_000_000, ' '),
  times(1, `{"__proto__":{"gitVersion":"v1.29.3"},"constructor":{"prototype":{}}}`),
].map((bytes): Input => ({ bytes }));

/**
 * What a reader may do for an input: blocks of code entered, and bytes allocated, copied or turned into text; so many for
 * each byte, and so many for none. Half as much again as the most that was seen.
 */
const BOUNDS = {
  record: {
    inputs: brokenFrom(flights),
    hard: HARD_FLIGHTS,
    steps: { perByte: 18, atMost: 300 },
    bytesMoved: { perByte: 10, atMost: 8000 },
  },
  flight: {
    inputs: brokenFrom([...flights, ...flights.map(handshakeOf)]),
    hard: HARD_FLIGHTS,
    steps: { perByte: 18, atMost: 600 },
    bytesMoved: { perByte: 10, atMost: 8000 },
  },
  // Three readers one after the other, and each makes one text of the whole.
  certificate: {
    inputs: brokenFrom(certificates),
    hard: HARD_CERTIFICATES,
    steps: { perByte: 6, atMost: 600 },
    bytesMoved: { perByte: 8, atMost: 2000 },
  },
  http: {
    inputs: brokenFrom(answers),
    hard: HARD_ANSWERS,
    steps: { perByte: 15, atMost: 300 },
    bytesMoved: { perByte: 9, atMost: 1500 },
  },
  version: {
    inputs: brokenFrom(bodies),
    hard: HARD_VERSIONS,
    steps: { perByte: 0, atMost: 100 },
    bytesMoved: { perByte: 2, atMost: 0 },
  },
} as const;

type Bound = { perByte: number; atMost: number };
const isOver = ({ perByte, atMost }: Bound, value: number, length: number) => value > perByte * length + atMost;

it.each(Object.entries(BOUNDS))(
  'the reader %s returns, or throws its own error, within its bounds',
  async (name, of) => {
    const inputs = [...of.hard, ...fc.sample(of.inputs, { seed: SEED, numRuns: RUNS })];
    const counts = await count(name, inputs);
    const offences = inputs.flatMap(({ bytes, pieceBytes }, index) => {
      const { end, steps, bytesMoved } = counts[index] as Count;
      const { length } = bytes;
      const isKept =
        !end.startsWith('fault') && !isOver(of.steps, steps, length) && !isOver(of.bytesMoved, bytesMoved, length);
      const input = `${bytes.toString('hex', 0, 100)} (${length} bytes in pieces of ${pieceBytes ?? 'all'})`;
      return isKept ? [] : [`${input}: ${steps} steps, ${bytesMoved} bytes moved, ${end}`];
    });
    expect(offences).toEqual([]);
    // A count of nothing would be within any bound.
    expect(Math.max(...counts.map(({ steps }) => steps))).toBeGreaterThan(20);
    expect(new Set(counts.map(({ end }) => end)).size).toBeGreaterThan(name === 'version' ? 0 : 1);
  },
);
