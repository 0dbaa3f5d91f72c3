import { createHash } from 'node:crypto';
import { finishableSuite } from './cipher-suites.ts';
import { clientRandomOf } from './client-hello.ts';
import type { ServerFlight } from './first-flight.ts';
import { deriveSessionKeys, finishedMessage } from './key-schedule.ts';
import { RecordProtection } from './record-protection.ts';
import { toSharedPoint } from './server-point.ts';
import { HANDSHAKE, RECORD, RECORD_HEADER_BYTES, TLS12 } from './tls-constants.ts';

/** What is left of a handshake once our half is done. */
export interface FinishedHandshake {
  /** Our last flight and the request, to be written at once. */
  write: Buffer;
  serverProtection: RecordProtection;
  /** The plaintext of the Finished that the server must send. */
  expectedFinished: Buffer;
}

/** An empty client Certificate: "none" (RFC 5246 section 7.4.6). */
const EMPTY_CERTIFICATE = Buffer.from([HANDSHAKE.certificate, 0, 0, 3, 0, 0, 0]);
const CHANGE_CIPHER_SPEC = Buffer.from([RECORD.changeCipherSpec, 3, 3, 0, 1, 1]);

/** True when this prober can finish the handshake that the server has begun. */
export function isFinishable(flight: ServerFlight): boolean {
  return (
    flight.version === TLS12 && finishableSuite(flight.cipherSuite) !== undefined && flight.serverShare !== undefined
  );
}

/**
 * Completes a TLS 1.2 handshake from our side and puts the request behind it (false start, RFC 7918), so that the whole
 * answer is one round trip away. A certificate that is asked for is answered with none.
 *
 * @param hello the ClientHello record as it was sent.
 * @returns undefined when the flight is not one that we can finish.
 * @throws WireError when the server's share is no point of its curve's size.
 */
export function finishHandshake(hello: Buffer, flight: ServerFlight, request: Buffer): FinishedHandshake | undefined {
  const suite = finishableSuite(flight.cipherSuite);
  const shared = toSharedPoint(flight);
  if (suite === undefined || shared === undefined || flight.version !== TLS12) return undefined;

  const clientFlight = clientKeyFlight(shared.clientShare, flight.certificateRequest !== undefined);
  const transcript = createHash(suite.hash)
    .update(hello.subarray(RECORD_HEADER_BYTES))
    .update(flight.bytes.subarray(0, flight.length))
    .update(clientFlight);
  const sessionHash = transcript.copy().digest();
  const keys = deriveSessionKeys({
    suite,
    premasterSecret: shared.premasterSecret,
    clientRandom: clientRandomOf(hello),
    serverRandom: flight.bytes.subarray(flight.random.start, flight.random.end),
    isExtendedMasterSecret: flight.extendedMasterSecret,
    sessionHash,
  });
  const clientProtection = new RecordProtection(suite, keys.clientKey, keys.clientIv);
  const serverProtection = new RecordProtection(suite, keys.serverKey, keys.serverIv);
  const clientFinished = finishedMessage(suite, keys.masterSecret, 'client', sessionHash);
  const fullHash = transcript.update(clientFinished).digest();
  const expectedFinished = finishedMessage(suite, keys.masterSecret, 'server', fullHash);

  const write = Buffer.allocUnsafe(
    RECORD_HEADER_BYTES +
      clientFlight.length +
      CHANGE_CIPHER_SPEC.length +
      clientProtection.sealedBytes(clientFinished.length) +
      clientProtection.sealedBytes(request.length),
  );
  write[0] = RECORD.handshake;
  write.writeUInt16BE(TLS12, 1);
  write.writeUInt16BE(clientFlight.length, 3);
  let at = RECORD_HEADER_BYTES + clientFlight.copy(write, RECORD_HEADER_BYTES);
  at += CHANGE_CIPHER_SPEC.copy(write, at);
  at = clientProtection.seal(RECORD.handshake, clientFinished, write, at);
  clientProtection.seal(RECORD.applicationData, request, write, at);
  return { write, serverProtection, expectedFinished };
}

function clientKeyFlight(clientShare: Buffer, isCertificateAsked: boolean): Buffer {
  const keyExchange = Buffer.allocUnsafe(5 + clientShare.length);
  keyExchange[0] = HANDSHAKE.clientKeyExchange;
  keyExchange.writeUIntBE(clientShare.length + 1, 1, 3);
  keyExchange[4] = clientShare.length;
  clientShare.copy(keyExchange, 5);
  return isCertificateAsked ? Buffer.concat([EMPTY_CERTIFICATE, keyExchange]) : keyExchange;
}
