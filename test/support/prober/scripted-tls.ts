import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { type CipherSuite, finishableSuite } from '../../../services/prober/src/wire/cipher-suites.ts';
import { clientRandomOf } from '../../../services/prober/src/wire/client-hello.ts';
import { parseFirstFlight, type ServerFlight } from '../../../services/prober/src/wire/first-flight.ts';
import { deriveSessionKeys, finishedMessage } from '../../../services/prober/src/wire/key-schedule.ts';
import { RecordProtection } from '../../../services/prober/src/wire/record-protection.ts';
import { toSharedPoint } from '../../../services/prober/src/wire/server-point.ts';
import { type RunningServer, startTcpServer } from './servers.ts';

/** The server's half of a handshake that the client has finished. */
export interface ServerHalf {
  /** The client's request in clear. */
  request: string;
  /** ChangeCipherSpec and the server's Finished, ready to be sent. */
  finished: Buffer;
  /** One protected record. Call in the order of sending, `finished` comes first. */
  seal(type: number, plaintext: Buffer | string): Buffer;
}

/** A connection whose handshake the client has finished: the script says everything from here on. */
export interface ScriptedSession extends ServerHalf {
  socket: Socket;
}

export interface Script {
  /** Records of the first flight; its handshake must be one that the client can finish, to get further than it. */
  flight: Buffer;
  /** Where it listens; 127.0.0.1 when absent. */
  address?: string;
  /** Hears of all that a client sends, as it comes. */
  hear?(chunk: Buffer): void;
  /** How the flight is sent; in one write when absent. */
  sendFlight?(socket: Socket, flight: Buffer): void;
  /** What follows the client's Finished. */
  proceed?(session: ScriptedSession): void;
}

/**
 * A TLS 1.2 server without a private key: because the client's share is the curve's base point, the shared secret is the
 * server's public share, which stands in the flight. So a flight that was recorded from a real server can be finished.
 */
export async function startScriptedTlsServer(script: Script): Promise<RunningServer> {
  return startTcpServer((socket) => {
    let received = Buffer.alloc(0);
    let hello: Buffer | undefined;
    socket.on('data', (chunk) => {
      script.hear?.(chunk);
      received = Buffer.concat([received, chunk]);
      if (hello === undefined) {
        const records = takeRecords(received, 1);
        if (records === undefined) return;
        hello = received.subarray(0, records.end);
        received = received.subarray(records.end);
        if (script.sendFlight) script.sendFlight(socket, script.flight);
        else socket.write(script.flight);
        return;
      }
      const records = takeRecords(received, 4);
      if (records === undefined || script.proceed === undefined) return;
      const half = openServerHalf(hello, script.flight, received);
      received = received.subarray(records.end);
      script.proceed({ socket, ...half });
    });
  }, script.address);
}

/** The handshake messages of a flight's records, joined. */
export function handshakeOf(flight: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < flight.length; at += 5 + flight.readUInt16BE(at + 3)) {
    parts.push(flight.subarray(at + 5, at + 5 + flight.readUInt16BE(at + 3)));
  }
  return Buffer.concat(parts);
}

/** Wraps bytes in handshake records of at most `size` bytes. */
export function toRecords(handshake: Buffer, size = 16_384, type = 22): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < handshake.length; at += size) {
    const body = handshake.subarray(at, at + size);
    parts.push(Buffer.from([type, 3, 3, body.length >> 8, body.length & 0xff]), body);
  }
  return Buffer.concat(parts);
}

function takeRecords(bytes: Buffer, count: number): { bodies: Buffer[]; end: number } | undefined {
  const bodies: Buffer[] = [];
  let at = 0;
  while (bodies.length < count) {
    if (bytes.length < at + 5 || bytes.length < at + 5 + bytes.readUInt16BE(at + 3)) return undefined;
    const end = at + 5 + bytes.readUInt16BE(at + 3);
    bodies.push(bytes.subarray(at + 5, end));
    at = end;
  }
  return { bodies, end: at };
}

/** Takes the server's part: `records` is its first flight, `clientWrite` what the client wrote in answer. */
export function openServerHalf(hello: Buffer, records: Buffer, clientWrite: Buffer): ServerHalf {
  const handshake = handshakeOf(records);
  const flight: ServerFlight = parseFirstFlight(handshake, handshake.length);
  const suite = finishableSuite(flight.cipherSuite) as CipherSuite;
  const bodies = takeRecords(clientWrite, 4)?.bodies as [Buffer, Buffer, Buffer, Buffer];
  const [clientFlight, , sealedFinished, sealedRequest] = bodies;
  const transcript = createHash(suite.hash).update(hello.subarray(5)).update(handshake).update(clientFlight);
  const sessionHash = transcript.copy().digest();
  const keys = deriveSessionKeys({
    suite,
    premasterSecret: toSharedPoint(flight)?.premasterSecret as Buffer,
    clientRandom: clientRandomOf(hello),
    serverRandom: handshake.subarray(flight.random.start, flight.random.end),
    isExtendedMasterSecret: flight.extendedMasterSecret,
    sessionHash,
  });
  const client = new RecordProtection(suite, keys.clientKey, keys.clientIv);
  const server = new RecordProtection(suite, keys.serverKey, keys.serverIv);
  const clientFinished = client.open(22, sealedFinished, 0, sealedFinished.length);
  const request = client.open(23, sealedRequest, 0, sealedRequest.length).toString('latin1');
  const serverFinished = finishedMessage(
    suite,
    keys.masterSecret,
    'server',
    transcript.update(clientFinished).digest(),
  );
  const seal = (type: number, plaintext: Buffer | string): Buffer => {
    const bytes = Buffer.from(plaintext);
    const record = Buffer.alloc(server.sealedBytes(bytes.length));
    server.seal(type, bytes, record, 0);
    return record;
  };
  const finished = Buffer.concat([Buffer.from([20, 3, 3, 0, 1, 1]), seal(22, serverFinished)]);
  return { request, finished, seal };
}
