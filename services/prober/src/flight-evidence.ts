import type { FirstFlight } from '@kubecensus/shared/messages';
import type { ByteRange, ServerFlight } from './wire/index.ts';

const TLS_VERSIONS: Readonly<Record<number, FirstFlight['tlsVersion']>> = {
  769: 'tls10',
  770: 'tls11',
  771: 'tls12',
};
const MAX_CERTIFICATE_TYPES = 32;
const MAX_SIGNATURE_ALGORITHMS = 64;

/** What a first flight proves, as it travels in an observation. */
export function toFirstFlight(flight: ServerFlight): FirstFlight {
  const evidence: FirstFlight = {
    tlsVersion: TLS_VERSIONS[flight.version] ?? 'tls12',
    cipherSuite: flight.cipherSuite,
    extensions: flight.extensions,
    extendedMasterSecret: flight.extendedMasterSecret,
    downgradeMark: flight.downgradeMark,
    sessionIdLength: flight.sessionId.end - flight.sessionId.start,
    certificateRequest: toCertificateRequest(flight),
    serverHello: steadyServerHello(flight),
  };
  const share = flight.serverShare;
  if (share !== undefined) {
    evidence.curve = share.curve;
    if (share.signatureAlgorithm !== undefined) evidence.signatureAlgorithm = share.signatureAlgorithm;
  }
  return evidence;
}

/** The chain's certificates in base64, leaf first. */
export function toChain(flight: ServerFlight): string[] {
  return flight.chain.map((range) => toBase64(flight.bytes, range));
}

function toCertificateRequest(flight: ServerFlight): FirstFlight['certificateRequest'] {
  const request = flight.certificateRequest;
  if (request === undefined) return 'none';
  return {
    types: request.types.slice(0, MAX_CERTIFICATE_TYPES),
    signatureAlgorithms: request.signatureAlgorithms.slice(0, MAX_SIGNATURE_ALGORITHMS),
    clientCas: request.clientCas.map((range) => toBase64(flight.bytes, range)),
  };
}

// Most hellos fit; what lies here is done with before the next flight is read.
const scratch = Buffer.allocUnsafeSlow(1024);

/** ServerHello with random and session id zeroed: what is left is the server's own and the same on every connection. */
function steadyServerHello(flight: ServerFlight): string {
  const { start, end } = flight.serverHello;
  const hello = end - start <= scratch.length ? scratch : Buffer.allocUnsafe(end - start);
  flight.bytes.copy(hello, 0, start, end);
  hello.fill(0, flight.random.start - start, flight.random.end - start);
  hello.fill(0, flight.sessionId.start - start, flight.sessionId.end - start);
  return hello.toString('base64', 0, end - start);
}

function toBase64(bytes: Buffer, range: ByteRange): string {
  return bytes.toString('base64', range.start, range.end);
}
