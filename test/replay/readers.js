import { parseFirstFlight } from '../../services/prober/dist/wire/first-flight.js';
import { FlightReader } from '../../services/prober/dist/wire/flight-reader.js';
import { HttpReader } from '../../services/prober/dist/wire/http-reader.js';
import { WireError } from '../../services/prober/dist/wire/wire-error.js';
import { parseVersion, parseVersionDocument } from '../../shared/dist/kubernetes/index.js';
import {
  readCertificate,
  readNames,
  readPublicKey,
  readSubjectAltNames,
  X509Error,
} from '../../shared/dist/x509/index.js';

const isWireError = (error) => error instanceof WireError;
/** First octet of a handshake record. */
const HANDSHAKE_RECORD = 22;

/** The bytes as they might come: in pieces of that many, or at once. */
function* inPieces(bytes, pieceBytes = bytes.length) {
  if (bytes.length === 0) yield bytes;
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

function readRecords(bytes, { pieceBytes } = {}) {
  const reader = new FlightReader();
  let progress = 'incomplete';
  for (const piece of inPieces(bytes, pieceBytes)) {
    progress = reader.push(piece);
    if (progress !== 'incomplete') break;
  }
  if (progress === 'alert') return { progress, alert: [reader.alertLevel, reader.alertDescription] };
  return { progress, handshake: Buffer.from(reader.handshake.subarray(0, reader.handshakeLength)) };
}

function readFlight(bytes, options) {
  const records =
    bytes[0] === HANDSHAKE_RECORD ? readRecords(bytes, options) : { progress: 'complete', handshake: bytes };
  if (records.progress !== 'complete') return { ...records, handshake: records.handshake?.length };
  const flight = parseFirstFlight(records.handshake, records.handshake.length);
  return {
    version: flight.version,
    cipherSuite: flight.cipherSuite,
    extensions: flight.extensions,
    extendedMasterSecret: flight.extendedMasterSecret,
    downgradeMark: flight.downgradeMark,
    chainLength: flight.chainLength,
    certificateBytes: flight.chain.map(({ start, end }) => end - start),
    curve: flight.serverShare?.curve,
    signatureAlgorithm: flight.serverShare?.signatureAlgorithm,
    clientCas: flight.certificateRequest?.clientCas.length,
  };
}

const PEM = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END/;

/** What comes of the reader of keys, which wants more of them than the reader of certificates. */
function readKey(der) {
  try {
    return readPublicKey(der) === undefined ? 'not usable' : 'usable';
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return error.code;
  }
}

/** DER, or the first certificate of a PEM file, through every reader of certificates. */
function readDer(bytes) {
  const pem = PEM.exec(bytes.toString('latin1'))?.[1];
  const der = pem === undefined ? bytes : Buffer.from(pem, 'base64');
  const certificate = readCertificate(der);
  readNames(der);
  return {
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    serial: certificate.serialHex,
    // A year that ISO 8601 has no digits for is none.
    notAfter: Number.isNaN(certificate.notAfter.getTime()) ? null : certificate.notAfter.toISOString(),
    keyType: certificate.keyType,
    key: readKey(der),
    signatureAlgorithm: certificate.signatureAlgorithm,
    extensions: certificate.extensionIds,
    names: readSubjectAltNames(der).total,
  };
}

function readAnswer(bytes, { pieceBytes } = {}) {
  const reader = new HttpReader('GET');
  for (const piece of inPieces(bytes, pieceBytes)) reader.push(piece);
  reader.end();
  if (!reader.isComplete) return { isComplete: false };
  const { status, headers, body } = reader.answer();
  return { isComplete: true, status, headers: headers.map(([name]) => name), bodyBytes: body.length };
}

/** A `/version` document, or a bare version such as v1.29.3. */
function readVersion(bytes) {
  const text = bytes.toString('utf8');
  const version = parseVersion(text.trimEnd());
  if (version !== undefined) return { kind: 'bare', ...version };
  const verdict = parseVersionDocument(text);
  if (verdict.kind !== 'version') return { kind: verdict.kind, reason: verdict.reason, product: verdict.product };
  return { kind: 'version', gitVersion: verdict.document.gitVersion, minorVersion: verdict.minorVersion };
}

const sync = (summary, read, isOwnError) => ({ summary, open: () => ({ read, isOwnError }) });

/** The same entry points as the prober's, by name. */
export const READERS = {
  record: sync(
    'TLS records of a first flight, as they come from the wire',
    (bytes, options) => {
      const { handshake, ...rest } = readRecords(bytes, options);
      return { ...rest, handshakeBytes: handshake?.length };
    },
    isWireError,
  ),
  flight: sync('a first flight: records, or the bare handshake messages', readFlight, isWireError),
  certificate: sync('a certificate in DER or PEM', readDer, (error) => error instanceof X509Error),
  http: sync('an HTTP/1 answer to a GET, closed behind its last byte', readAnswer, isWireError),
  version: sync('a /version document, or one version', readVersion, () => false),
  tls: {
    summary: 'each file is what a server on loopback sends; the whole probe looks at it',
    // The whole prober is loaded for it alone.
    open: async () => (await import('./tls-host.js')).openTlsHost(),
  },
};
// The same reader by its other name.
READERS.der = { ...READERS.certificate, summary: 'the same as certificate' };
