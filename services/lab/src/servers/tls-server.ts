import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type ClientHello, parseClientHello } from './client-hello.ts';
import { GoConnection } from './go-tls/go-connection.ts';
import { agreesOnGo } from './go-tls/go-flight.ts';
import type { ArrivalWriter } from './recorder.ts';
import type { TlsSpecification } from './server-specification.ts';
import type { TlsContexts } from './tls-contexts.ts';

/** A fatal alert as Go writes it: record version 3.1 before a version is agreed (transcript of a TLS 1.3-only server). */
export function toAlert(description: number): Buffer {
  return Buffer.of(21, 3, 1, 0, 2, 2, description);
}

const PROTOCOL_VERSION = 70;

/** What Go's net/http says to HTTP on a TLS port. */
const HTTP_ON_TLS = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';

/** Waits for the first bytes, lets `choose` look at them, and hands them on as if nobody had read them. */
export function withFirstBytes(socket: Socket, arrival: ArrivalWriter | null, choose: (bytes: Buffer) => void): void {
  socket.once('data', (bytes: Buffer) => {
    socket.pause();
    arrival?.first(bytes);
    choose(bytes);
  });
}

function isWholeRecord(bytes: Buffer): boolean {
  return bytes.length === 5 + bytes.readUInt16BE(3);
}

/** Speaks TLS on a socket whose first bytes were read; `onSecure` gets the decrypted connection. */
export function serveTls(
  socket: Duplex,
  first: Buffer,
  options: {
    tls: TlsSpecification;
    contexts: TlsContexts;
    /** The certificate to show to this hello; null where the socket was answered already. */
    onHello?: (hello: ClientHello) => TlsSpecification | null;
    onSecure: (connection: Duplex) => void;
  },
): void {
  const hello = parseClientHello(first);
  if (hello === null) {
    if (/^(GET|HEAD|POST|PUT|OPTIONS) /.test(first.toString('latin1', 0, 8))) socket.end(HTTP_ON_TLS);
    else socket.destroy();
    return;
  }
  const specification = options.onHello === undefined ? options.tls : options.onHello(hello);
  if (specification === null) return;
  if (specification.tls13Only === true && !hello.offersTls13) {
    socket.end(toAlert(PROTOCOL_VERSION));
    return;
  }
  const go = options.contexts.goServer(specification);
  if (go !== null && isWholeRecord(first) && agreesOnGo(hello, go)) {
    new GoConnection(socket, { hello, helloMessage: first.subarray(5), server: go, onSecure: options.onSecure });
    socket.resume();
    return;
  }
  if (specification.replayed === true) {
    // OpenSSL would not sign with a key that is not the certificate's.
    socket.destroy();
    return;
  }
  socket.unshift(first);
  const connection = new TLSSocket(socket, {
    isServer: true,
    secureContext: options.contexts.context(specification),
    requestCert: specification.clientCas !== undefined,
    rejectUnauthorized: specification.requiresClientCertificate ?? false,
    ALPNProtocols: ['http/1.1'],
  });
  // A client that gives up in mid-handshake is daily bread for a scanned server.
  connection.on('error', () => socket.destroy());
  connection.once('secure', () => options.onSecure(connection));
}
