import { createHash } from 'node:crypto';
import { readCertificate, readName } from '@kubecensus/shared/x509';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RecordedReading, readRecording, readRecordings } from '../../../../test/support/prober/recordings.ts';
import { handshakeOf, toRecords } from '../../../../test/support/prober/scripted-tls.ts';
import { parseFirstFlight, type ServerFlight } from './first-flight.ts';
import { FlightReader } from './flight-reader.ts';
import { MAX_FIRST_FLIGHT_BYTES, MAX_WARNING_ALERTS } from './limits.ts';
import { WireError } from './wire-error.ts';

const SEED = 20_261_121;
const recorded = readRecording('kube-apiserver-defaults').firstFlight as Buffer;
const handshake = handshakeOf(recorded);

/** Pushes the pieces one after the other; the flight's bytes are copied as its next reader would find them gone. */
function read(pieces: readonly Buffer[]): { end: string; flight?: ServerFlight; alert?: number } {
  const reader = new FlightReader();
  let end = 'incomplete';
  for (const piece of pieces) {
    end = reader.push(piece);
    if (end !== 'incomplete') break;
  }
  if (end === 'alert') return { end, alert: reader.alertDescription };
  if (end !== 'complete') return { end };
  const bytes = Buffer.from(reader.handshake.subarray(0, reader.handshakeLength));
  return { end, flight: parseFirstFlight(bytes, bytes.length) };
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

function message(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, body.length >> 16, (body.length >> 8) & 0xff, body.length & 0xff]), body]);
}

function vector(bytes: Buffer, lengthBytes: number): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(bytes.length, 0, lengthBytes);
  return Buffer.concat([length, bytes]);
}

const serverHello = message(
  2,
  Buffer.concat([Buffer.from('0303', 'hex'), Buffer.alloc(32, 5), Buffer.from([0]), Buffer.from('c02f00', 'hex')]),
);
const done = message(14, Buffer.alloc(0));
const alert = (level: number, description: number) => Buffer.from([21, 3, 3, 0, 2, level, description]);

/** What our readers read of a flight, in the words of whoever recorded it. */
function readingOf(recorded: Buffer): RecordedReading {
  const { alert, flight } = read([recorded]);
  if (flight === undefined) return { alert: [2, alert ?? 0] };
  const { bytes, chain, certificateRequest, serverShare } = flight;
  const ders = chain.map(({ start, end }) => bytes.subarray(start, end));
  const records: [number, number][] = [];
  for (let at = 0; at < recorded.length; at += 5 + recorded.readUInt16BE(at + 3)) {
    records.push([recorded[at] ?? 0, recorded.readUInt16BE(at + 3)]);
  }
  return {
    records,
    version: flight.version,
    suite: flight.cipherSuite,
    extensions: flight.extensions,
    sessionIdLength: flight.sessionId.end - flight.sessionId.start,
    downgradeMark: flight.downgradeMark,
    certificateSha256: ders.map((der) => createHash('sha256').update(der).digest('hex')),
    curve: serverShare?.curve ?? 0,
    signatureAlgorithm: serverShare?.signatureAlgorithm ?? 0,
    certificateTypes: certificateRequest?.types ?? [],
    signatureAlgorithms: certificateRequest?.signatureAlgorithms ?? [],
    clientCas: (certificateRequest?.clientCas ?? []).map(({ start, end }) => readName(bytes.subarray(start, end)).text),
  };
}

const withFlight = readRecordings().filter(({ read: reading }) => reading !== undefined);

it('flights of six parts of Kubernetes were recorded', () => {
  expect(withFlight.length).toBeGreaterThanOrEqual(10);
});

it.each(withFlight.map((recording) => [recording.name, recording] as const))(
  'the recorded flight of %s is read as those read it who recorded it',
  (_, { firstFlight, read: reading }) => {
    expect(readingOf(firstFlight as Buffer)).toEqual(reading);
  },
);

it.each([
  ['kube-apiserver-defaults', 'CN=kube-apiserver'],
  ['kubelet-anonymous-on', 'CN=cp-1@'],
  ['kube-controller-manager', 'CN=localhost@'],
  ['etcd-client', 'CN='],
])('the certificate in the recorded flight of %s is read', (name, subject) => {
  const { bytes, chain } = read([readRecording(name).firstFlight as Buffer]).flight as ServerFlight;
  const [leaf = { start: 0, end: 0 }] = chain;
  expect(readCertificate(bytes.subarray(leaf.start, leaf.end)).subject.text).toContain(subject);
});

it('the recorded refusal of a server held to TLS 1.3 is an alert', () => {
  expect(read([readRecording('kube-apiserver-tls13-only').firstFlight as Buffer])).toEqual({ end: 'alert', alert: 70 });
});

it('a flight reads the same however its bytes and its records are split and merged', () => {
  const whole = read([recorded]).flight;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.array(fc.integer({ min: 1, max: recorded.length }), { maxLength: 12 }),
      (recordSize, cuts) => {
        const bytes = toRecords(handshake, recordSize);
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(read(pieces).flight).toEqual(whole);
      },
    ),
    { seed: SEED, numRuns: 150 },
  );
});

it('a flight that comes byte by byte reads the same', () => {
  const pieces = Array.from(recorded, (_, at) => recorded.subarray(at, at + 1));
  expect(read(pieces).flight).toEqual(read([recorded]).flight);
});

it('two flights that come interleaved do not mix', () => {
  const other = readRecording('etcd-client').firstFlight as Buffer;
  const first = new FlightReader();
  const second = new FlightReader();
  first.push(recorded.subarray(0, 700));
  second.push(other.subarray(0, 500));
  expect(first.push(recorded.subarray(700))).toBe('complete');
  const firstBytes = Buffer.from(first.handshake.subarray(0, first.handshakeLength));
  expect(second.push(other.subarray(500))).toBe('complete');
  expect(firstBytes).toEqual(handshake);
  expect(second.handshake.subarray(0, second.handshakeLength)).toEqual(handshakeOf(other));
});

it('a flight cut at any byte is incomplete, never an error', () => {
  for (let length = 0; length < recorded.length; length++) {
    expect(read([recorded.subarray(0, length)]).end).toBe('incomplete');
  }
});

describe('bytes that are not TLS are told from broken TLS', () => {
  it.each([
    ['a plain HTTP answer', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'WIRE_NOT_TLS'],
    ['an SSH banner', 'SSH-2.0-OpenSSH_9.2\r\n', 'WIRE_NOT_TLS'],
    ['a record of version 2', Buffer.from([22, 2, 0, 0, 5]), 'WIRE_NOT_TLS'],
    ['an empty record', Buffer.from([22, 3, 3, 0, 0]), 'WIRE_MALFORMED'],
    ['a record over the largest', Buffer.from([22, 3, 3, 0x40, 1]), 'WIRE_MALFORMED'],
    ['application data in place of a hello', Buffer.from([23, 3, 3, 0, 1, 0]), 'WIRE_NOT_TLS'],
    ['a message that is no ServerHello', toRecords(done), 'WIRE_MALFORMED'],
    [
      'foreign bytes after a good record',
      Buffer.concat([toRecords(serverHello), Buffer.from('HTTP')]),
      'WIRE_MALFORMED',
    ],
    ['a message after ServerHelloDone', toRecords(Buffer.concat([serverHello, done, done])), 'WIRE_MALFORMED'],
    [
      'a record after ServerHelloDone',
      Buffer.concat([toRecords(Buffer.concat([serverHello, done])), toRecords(done)]),
      'WIRE_MALFORMED',
    ],
    [
      'half a header after ServerHelloDone',
      Buffer.concat([toRecords(Buffer.concat([serverHello, done])), Buffer.from([22])]),
      'WIRE_MALFORMED',
    ],
    ['the version SSL 3', toRecords(Buffer.concat([serverHello, done])).fill(0, 10, 11), 'WIRE_MALFORMED'],
    ['the same message twice', toRecords(Buffer.concat([serverHello, serverHello, done])), 'WIRE_MALFORMED'],
  ])('%s', (_, bytes, code) => {
    expect(codeOf(() => read([Buffer.from(bytes)]))).toBe(code);
  });
});

describe('alerts', () => {
  it('a warning before the hello is passed over', () => {
    expect(read([Buffer.concat([alert(1, 112), recorded])]).end).toBe('complete');
  });

  it('a fatal alert in the midst of a flight ends it', () => {
    expect(read([Buffer.concat([toRecords(serverHello), alert(2, 80)])])).toEqual({ end: 'alert', alert: 80 });
  });

  it('a close_notify ends a flight', () => {
    expect(read([alert(1, 0)])).toEqual({ end: 'alert', alert: 0 });
  });

  it('an alert that is split over records is read', () => {
    expect(read([Buffer.from([21, 3, 3, 0, 1, 2, 21, 3, 3, 0, 1, 40])])).toEqual({ end: 'alert', alert: 40 });
  });

  it.each([
    ['under', MAX_WARNING_ALERTS - 1, undefined],
    ['at', MAX_WARNING_ALERTS, undefined],
    ['over', MAX_WARNING_ALERTS + 1, 'WIRE_TOO_LARGE'],
  ])('a number of warnings %s the cap is taken as it should be', (_, count, code) => {
    expect(codeOf(() => read([Buffer.concat(Array.from({ length: count }, () => alert(1, 112)))]))).toBe(code);
  });
});

describe('caps', () => {
  const filled = (bytes: number) => {
    const certificate = Buffer.alloc(bytes - serverHello.length - done.length - 10, 1);
    const certificates = message(11, vector(vector(certificate, 3), 3));
    return Buffer.concat([serverHello, certificates, done]);
  };
  const inRecords = (bytes: number) => {
    // Seven records carry a flight of this size.
    const body = filled(bytes - 5 * Math.ceil(bytes / 16_389));
    return toRecords(body);
  };

  it.each([
    ['under', MAX_FIRST_FLIGHT_BYTES - 1, undefined],
    ['at', MAX_FIRST_FLIGHT_BYTES, undefined],
    ['over', MAX_FIRST_FLIGHT_BYTES + 1, 'WIRE_TOO_LARGE'],
  ])('a flight %s the cap of bytes is taken as it should be', (_, bytes, code) => {
    const records = inRecords(bytes);
    expect(records).toHaveLength(bytes);
    const pieces = [records.subarray(0, 50_000), records.subarray(50_000)];
    expect(codeOf(() => expect(read(pieces).end).toBe('complete'))).toBe(code);
  });

  it('a message that announces more than the cap is refused before it comes', () => {
    const huge = Buffer.from([11, 0xff, 0xff, 0xff]);
    expect(codeOf(() => read([toRecords(Buffer.concat([serverHello, huge]))]))).toBe('WIRE_TOO_LARGE');
  });
});

describe('fuzz: the flight reader and parser return or throw their own error', () => {
  const attempt = (pieces: readonly Buffer[]) => codeOf(() => read(pieces));

  it('on a recorded flight with any byte changed', () => {
    for (const recording of readRecordings()) {
      const flight = recording.firstFlight;
      if (flight === undefined) continue;
      for (let at = 0; at < flight.length; at += 1) {
        const changed = Buffer.from(flight);
        changed[at] = (changed[at] as number) ^ (1 << (at % 8)) ^ 0x80;
        attempt([changed]);
      }
    }
  });

  it('on handshakes of random messages in random records', () => {
    const messages = fc.array(
      fc
        .tuple(fc.constantFrom(2, 11, 12, 13, 14, 22, 0, 4), fc.uint8Array({ maxLength: 120 }))
        .map(([type, body]) => message(type, Buffer.from(body))),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 200 }), fc.boolean(), (parts, recordSize, isHelloFirst) => {
        const body = Buffer.concat([...(isHelloFirst ? [serverHello] : []), ...parts, done]);
        attempt([toRecords(body, recordSize)]);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it('on random bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 }), (pieces) => {
        attempt(pieces.map((piece) => Buffer.from(piece)));
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});
