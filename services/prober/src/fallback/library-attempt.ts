import { constants } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import type { AttemptEnd } from '../wire/attempt.ts';
import { connectFailure, LOCAL_TROUBLE } from '../wire/connect-failure.ts';
import { Deadline } from '../wire/deadline.ts';
import { HttpReader } from '../wire/http-reader.ts';
import { MAX_ANSWER_BYTES } from '../wire/limits.ts';
import { ALERT } from '../wire/tls-constants.ts';
import { WireError } from '../wire/wire-error.ts';
import type { FromChild, LibraryFlight, ToChild } from './fallback-message.ts';

const TLS_VERSIONS: Readonly<Record<string, LibraryFlight['tlsVersion']>> = {
  TLSv1: 'tls10',
  'TLSv1.1': 'tls11',
  'TLSv1.2': 'tls12',
  'TLSv1.3': 'tls13',
};
/** Certificates counted of one chain. */
const MAX_COUNTED_CHAIN = 200;

type Phase = 'connecting' | 'handshake' | 'judging' | 'answer' | 'over';

/**
 * One connection over node:tls: TLS 1.3 first and, in the same hello, everything down to TLS 1.0 with the suites and
 * the renegotiation rules of old, so that the one connection that is left covers both. No ALPN, no
 * client certificate, a server name only by order. What is verified of the server is nothing; what is taken from it is DER.
 */
export class LibraryAttempt {
  readonly #order: Extract<ToChild, { kind: 'connect' }>;
  readonly #tell: (message: FromChild) => void;
  readonly #socket: TLSSocket;
  readonly #http: HttpReader;
  #phase: Phase = 'connecting';
  readonly #deadline: Deadline;
  #receivedBytes = 0;

  constructor(order: Extract<ToChild, { kind: 'connect' }>, tell: (message: FromChild) => void) {
    this.#order = order;
    this.#tell = tell;
    this.#http = new HttpReader(order.request.method);
    const { address, port, sourceAddress } = order.target;
    this.#deadline = new Deadline(this, order.timeouts.targetTimeoutMs, order.timeouts.connectTimeoutMs);
    this.#socket = connect({
      host: address,
      port,
      ...(sourceAddress === undefined ? {} : { localAddress: sourceAddress }),
      ...(order.serverName === undefined ? {} : { servername: order.serverName }),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.3',
      ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ALL:@SECLEVEL=0',
      secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
    });
    this.#socket.once('connect', () => this.#enter('handshake', order.timeouts.firstFlightTimeoutMs));
    this.#socket.once('secureConnect', () => this.#shown());
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error));
    this.#socket.once('end', () => this.#closed());
    this.#socket.once('close', () => this.#closed());
  }

  ask(): void {
    if (this.#phase !== 'judging') return;
    this.#enter('answer', this.#order.timeouts.answerTimeoutMs);
    // What the server has said by now is heard first: an alert, and the close behind it, which would fail the write.
    setImmediate(() => {
      if (this.#phase === 'answer') this.#socket.write(this.#order.request.bytes);
    });
  }

  leave(): void {
    this.#end(this.#phase === 'judging' ? 'left' : 'withdrawn');
  }

  #shown(): void {
    if (this.#phase === 'over') return;
    // The parent's word is a message away; the deadline of the handshake bounds the wait.
    this.#phase = 'judging';
    this.#tell({ kind: 'flight', id: this.#order.id, flight: readLibraryFlight(this.#socket, this.#order.maxChain) });
  }

  #received(chunk: Buffer): void {
    if (this.#phase !== 'answer') return;
    this.#receivedBytes += chunk.length;
    try {
      if (this.#receivedBytes > MAX_ANSWER_BYTES)
        throw new WireError('WIRE_TOO_LARGE', `over ${MAX_ANSWER_BYTES} bytes`);
      this.#http.push(chunk);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#end(error.code === 'WIRE_TOO_LARGE' ? 'answer-too-large' : 'malformed-answer');
      return;
    }
    if (this.#http.isComplete) this.#end('answered');
  }

  #closed(): void {
    if (this.#phase === 'answer') {
      this.#http.end();
      this.#end(this.#http.isComplete ? 'answered' : 'closed-early');
      return;
    }
    this.#end(this.#phase === 'judging' ? 'closed-early' : 'closed-silently');
  }

  #failed(error: NodeJS.ErrnoException): void {
    const alert = /SSL alert number (\d+)/.exec(error.message)?.[1];
    const code = error.code ?? '';
    if (this.#phase === 'connecting') {
      if (LOCAL_TROUBLE.has(code)) this.#trouble(code);
      else this.#end(connectFailure(code));
    } else if (alert !== undefined) {
      const isCertificateWanted = [ALERT.badCertificate, ALERT.certificateRequired].some(
        (each) => each === Number(alert),
      );
      this.#end(isCertificateWanted ? 'client-certificate-required' : 'alert', Number(alert));
    } else if (code.startsWith('ERR_SSL')) {
      this.#end(this.#phase === 'answer' ? 'malformed-answer' : 'malformed');
    } else {
      this.#end(this.#phase === 'answer' || this.#phase === 'judging' ? 'closed-early' : 'closed-silently');
    }
  }

  #enter(phase: Phase, timeoutMs: number): void {
    if (this.#phase === 'over') return;
    this.#phase = phase;
    this.#deadline.enter(timeoutMs);
  }

  expired(): void {
    if (this.#phase === 'connecting') this.#end('connection-timeout');
    else this.#end(this.#phase === 'handshake' ? 'read-timeout' : 'no-answer');
  }

  #trouble(systemCode: string): void {
    if (!this.#finish()) return;
    this.#tell({ kind: 'troubled', id: this.#order.id, systemCode });
  }

  #end(end: AttemptEnd, alert?: number): void {
    if (!this.#finish()) return;
    this.#tell({
      kind: 'ended',
      id: this.#order.id,
      end,
      ...(alert === undefined ? {} : { alert }),
      ...(end === 'answered' ? { answer: this.#http.answer() } : {}),
    });
  }

  #finish(): boolean {
    if (this.#phase === 'over') return false;
    this.#phase = 'over';
    this.#deadline.over();
    this.#socket.destroy();
    return true;
  }
}

function readLibraryFlight(socket: TLSSocket, maxChain: number): LibraryFlight {
  const chain: Uint8Array[] = [];
  let chainLength = 0;
  let certificate = socket.getPeerX509Certificate();
  while (certificate !== undefined && chainLength < MAX_COUNTED_CHAIN) {
    if (chainLength++ < maxChain) chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  const ephemeral = socket.getEphemeralKeyInfo();
  const curveName = ephemeral !== null && 'name' in ephemeral ? ephemeral.name : undefined;
  return {
    tlsVersion: TLS_VERSIONS[socket.getProtocol() ?? ''] ?? 'tls12',
    cipherSuiteName: socket.getCipher().standardName,
    ...(curveName === undefined ? {} : { curveName }),
    chain,
    chainLength,
  };
}
