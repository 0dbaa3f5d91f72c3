import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { Duplex } from 'node:stream';
import type { ClientHello } from '../client-hello.ts';
import { agreesOnExtendedMasterSecret, type GoServer, toGoFlight } from './go-flight.ts';
import { deriveKeys, hashOf, type SessionKeys, verifyData } from './key-schedule.ts';
import { RECORD, RecordCutter, RecordProtection, type TlsRecord, toRecord } from './records.ts';

/** SubjectPublicKeyInfo of an X25519 key without its 32 bytes (RFC 8410 section 4). */
const X25519_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');
const MAX_CONTENT_BYTES = 16_384;
/** A client certificate is read past, not kept: more than this is refused. */
const MAX_HANDSHAKE_BYTES = 64 * 1024;
const CLOSE_NOTIFY = Buffer.of(1, 0);
const HANDSHAKE = { certificate: 11, certificateVerify: 15, clientKeyExchange: 16, finished: 20 };
const ALERT = { unexpectedMessage: 10, badRecord: 20, badCertificate: 42, decodeError: 50, decryptError: 51 };

/** One record per message, as Go writes them; more where a message is longer than a record. */
function toHandshakeRecords(message: Buffer): Buffer[] {
  const count = Math.ceil(message.length / MAX_CONTENT_BYTES);
  return Array.from({ length: count }, (_, index) =>
    toRecord(RECORD.handshake, message.subarray(index * MAX_CONTENT_BYTES, (index + 1) * MAX_CONTENT_BYTES)),
  );
}

class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly alert: number;

  constructor(alert: number, message: string) {
    super(message);
    this.alert = alert;
  }
}

/**
 * The server side of one TLS 1.2 handshake as Go's crypto/tls makes it, byte for byte in what can be seen. The lab
 * plays Go with it because OpenSSL's flights differ: other extensions in another order, a session id, other algorithms.
 *
 * States: hello answered -> (client's certificate) -> key exchange -> change of cipher -> finished -> application data.
 * The plaintext side is a Duplex, so that HTTP is answered here as anywhere else.
 */
export class GoConnection extends Duplex {
  readonly socket: Duplex;
  readonly onSecure: () => void;
  private readonly hello: ClientHello;
  private readonly server: GoServer;
  private readonly cutter = new RecordCutter();
  private readonly transcript: Buffer[];
  private readonly serverRandom: Buffer;
  private readonly secretKey: KeyObject;
  private handshake: Buffer = Buffer.alloc(0);
  private keys: SessionKeys | null = null;
  private reading: RecordProtection | null = null;
  private writing: RecordProtection | null = null;

  /** `helloMessage` is the ClientHello without its record header. */
  constructor(
    socket: Duplex,
    options: {
      hello: ClientHello;
      helloMessage: Buffer;
      server: GoServer;
      onSecure: (connection: GoConnection) => void;
    },
  ) {
    super({ allowHalfOpen: true });
    this.socket = socket;
    this.hello = options.hello;
    this.server = options.server;
    this.onSecure = () => options.onSecure(this);
    const pair = generateKeyPairSync('x25519');
    this.secretKey = pair.privateKey;
    const share = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(X25519_PREFIX.length);
    const flight = toGoFlight(options.hello, options.server, { entropy: randomBytes(24), share });
    this.serverRandom = flight.random;
    this.transcript = [options.helloMessage, ...flight.messages];
    socket.write(Buffer.concat(flight.messages.flatMap(toHandshakeRecords)));
    socket.on('data', (bytes: Buffer) => this.receive(bytes));
    socket.once('end', () => this.push(null));
    socket.once('close', () => this.destroy());
  }

  private receive(bytes: Buffer): void {
    try {
      for (const record of this.cutter.push(bytes)) this.accept(record);
    } catch (error) {
      const alert = error instanceof ProtocolError ? error.alert : ALERT.badRecord;
      this.send(RECORD.alert, Buffer.of(2, alert));
      this.socket.end();
      this.destroy();
    }
  }

  private accept(record: TlsRecord): void {
    if (record.type === RECORD.changeCipherSpec) {
      if (this.keys === null) throw new ProtocolError(ALERT.unexpectedMessage, 'a change of cipher before its keys');
      this.reading = new RecordProtection(this.keys.clientKey, this.keys.clientSalt);
      return;
    }
    const content = this.reading === null ? record.body : this.reading.open(record);
    if (record.type === RECORD.handshake) this.takeHandshake(content);
    else if (record.type === RECORD.alert) this.push(null);
    else if (this.writing === null) throw new ProtocolError(ALERT.unexpectedMessage, 'data before the handshake ended');
    else this.push(content);
  }

  private takeHandshake(content: Buffer): void {
    this.handshake = Buffer.concat([this.handshake, content]);
    while (this.handshake.length >= 4) {
      const length = 4 + this.handshake.readUIntBE(1, 3);
      if (length > MAX_HANDSHAKE_BYTES) throw new ProtocolError(ALERT.decodeError, `a message of ${length} bytes`);
      if (this.handshake.length < length) return;
      const message = this.handshake.subarray(0, length);
      this.handshake = this.handshake.subarray(length);
      this.takeMessage(message);
    }
  }

  private takeMessage(message: Buffer): void {
    const body = message.subarray(4);
    switch (message[0]) {
      case HANDSHAKE.clientKeyExchange:
        this.transcript.push(message);
        this.agree(body);
        return;
      case HANDSHAKE.finished:
        this.finish(message);
        return;
      case HANDSHAKE.certificate:
        if (this.server.requiresClientCertificate === true && body.readUIntBE(0, 3) === 0) {
          throw new ProtocolError(ALERT.badCertificate, 'no client certificate');
        }
        this.transcript.push(message);
        return;
      case HANDSHAKE.certificateVerify:
        this.transcript.push(message);
        return;
      default:
        throw new ProtocolError(ALERT.unexpectedMessage, `a message of type ${message[0] ?? 'none'}`);
    }
  }

  private agree(body: Buffer): void {
    if (body[0] !== 32 || body.length !== 33) throw new ProtocolError(ALERT.decodeError, 'no X25519 share');
    const share = createPublicKey({
      key: Buffer.concat([X25519_PREFIX, body.subarray(1)]),
      format: 'der',
      type: 'spki',
    });
    this.keys = deriveKeys({
      shared: diffieHellman({ privateKey: this.secretKey, publicKey: share }),
      clientRandom: this.hello.random,
      serverRandom: this.serverRandom,
      sessionHash: agreesOnExtendedMasterSecret(this.hello, this.server) ? hashOf(this.transcript) : null,
    });
  }

  private finish(message: Buffer): void {
    if (this.keys === null || this.reading === null || this.writing !== null) {
      throw new ProtocolError(ALERT.unexpectedMessage, 'Finished out of turn');
    }
    const { master, serverKey, serverSalt } = this.keys;
    if (!message.subarray(4).equals(verifyData(master, 'client', hashOf(this.transcript)))) {
      throw new ProtocolError(ALERT.decryptError, 'a Finished that does not fit');
    }
    this.transcript.push(message);
    const proof = verifyData(master, 'server', hashOf(this.transcript));
    this.socket.write(toRecord(RECORD.changeCipherSpec, Buffer.of(1)));
    this.writing = new RecordProtection(serverKey, serverSalt);
    this.send(RECORD.handshake, Buffer.concat([Buffer.of(HANDSHAKE.finished, 0, 0, proof.length), proof]));
    this.onSecure();
  }

  /** Writes one record, protected once the handshake is done. */
  send(type: number, content: Buffer): void {
    if (this.socket.writable) this.socket.write(this.writing?.seal(type, content) ?? toRecord(type, content));
  }

  override _read(): void {
    // Records are pushed as they come: a request is a few hundred bytes.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    for (let offset = 0; offset < chunk.length; offset += MAX_CONTENT_BYTES) {
      this.send(RECORD.applicationData, chunk.subarray(offset, offset + MAX_CONTENT_BYTES));
    }
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.send(RECORD.alert, CLOSE_NOTIFY);
    this.socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.socket.writableEnded) this.socket.destroy();
    done(error);
  }
}
