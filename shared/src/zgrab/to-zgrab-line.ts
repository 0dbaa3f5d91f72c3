import { hash } from 'node:crypto';
import { parseVersionDocument } from '../kubernetes/index.ts';
import type { FirstFlight, Observation } from '../messages/index.ts';
import type { Outcome } from '../vocabulary/index.ts';
import { type Certificate, readCertificate, readName, X509Error } from '../x509/index.ts';
import { ReadEvidence } from './read-evidence.ts';

/** zgrab2's closed list of status words (zmap/zgrab2:status.go). */
export type ZgrabStatus =
  | 'success'
  | 'connection-refused'
  | 'connection-timeout'
  | 'connection-closed'
  | 'io-timeout'
  | 'protocol-error'
  | 'application-error'
  | 'unknown-error';

/** `success` is the component itself, talkative or silent; `protocol-error` is everything else that speaks. */
const STATUS: Readonly<Record<Outcome, ZgrabStatus>> = {
  answered: 'success',
  present: 'success',
  'look-alike': 'protocol-error',
  'not-component': 'protocol-error',
  'needs-name': 'application-error',
  'handshake-refused': 'application-error',
  'malformed-tls': 'protocol-error',
  'not-tls': 'protocol-error',
  'closed-silently': 'connection-closed',
  'read-timeout': 'io-timeout',
  'fallback-crashed': 'unknown-error',
  'connection-refused': 'connection-refused',
  unreachable: 'unknown-error',
  'connection-timeout': 'connection-timeout',
  excluded: 'unknown-error',
  'internal-error': 'unknown-error',
  malformed: 'unknown-error',
};

/**
 * One line in the shape of zgrab2's: `ip`, and under `data.<component>` what was seen there, and its verdict if given.
 * What is shown as text stands beside it as it came, so that the line can be read back (parse-zgrab-line.ts). Fields are set one by one: spreading optional ones into literals made up half of what a line costs.
 */
export function toZgrabLine(
  observation: Observation,
  classification?: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { address, port, component, outcome, reason, observedAt, secondConnection, possession } = observation;
  const seen: Record<string, unknown> = {
    status: STATUS[outcome],
    protocol: component,
    port,
    timestamp: toTimestamp(observedAt),
  };
  const result = toResult(observation);
  if (result !== undefined) seen.result = result;
  if (classification !== undefined) Object.assign(seen, classification);
  if (secondConnection !== undefined) seen.second_connection = secondConnection;
  if (possession !== undefined) seen.possession = possession;
  if (outcome !== 'answered') seen.error = reason ? `${outcome}: ${reason}` : outcome;
  return { ip: address, data: { [component]: seen } };
}

function toResult({ evidence }: Observation): Record<string, unknown> | undefined {
  const { chain, chainLength, firstFlight, response } = evidence;
  if (chain.length === 0 && firstFlight === undefined && response === undefined) return undefined;
  const result: Record<string, unknown> = {};
  const [leaf] = chain;
  if (leaf !== undefined) result.certificate = toCertificate(leaf, ReadEvidence.leafOf(evidence));
  if (chain.length > 1) result.chain = chain.slice(1);
  if (chainLength > chain.length) result.chain_length = chainLength;
  if (firstFlight !== undefined) result.tls = toTls(firstFlight);
  if (response !== undefined) {
    const body = Buffer.from(response.body, 'base64').toString('utf8');
    const answer: Record<string, unknown> = { status_code: response.status, headers: response.headers, body };
    // Bytes that are no text.
    if (body.includes('\uFFFD')) answer.body_raw = response.body;
    result.response = answer;
    const verdict = response.status === 200 ? parseVersionDocument(body) : undefined;
    if (verdict?.kind === 'version') result.version = verdict.document;
  }
  return result;
}

function toTls(flight: FirstFlight): Record<string, unknown> {
  const { certificateRequest: request } = flight;
  const tls: Record<string, unknown> = { version: flight.tlsVersion, cipher_suite: flight.cipherSuite };
  if (flight.curve !== undefined) tls.curve = flight.curve;
  if (flight.signatureAlgorithm !== undefined) tls.signature_algorithm = flight.signatureAlgorithm;
  tls.extensions = flight.extensions;
  tls.extended_master_secret = flight.extendedMasterSecret;
  tls.downgrade_mark = flight.downgradeMark;
  tls.certificate_request =
    typeof request === 'string'
      ? request
      : {
          types: request.types,
          signature_algorithms: request.signatureAlgorithms,
          client_cas: request.clientCas.map(toNameText),
          client_cas_raw: request.clientCas,
        };
  tls.session_id_length = flight.sessionIdLength;
  tls.server_hello = flight.serverHello;
  return tls;
}

function toCertificate(base64: string, known: Certificate | undefined): Record<string, unknown> {
  const der = fromBase64(base64);
  const certificate: Record<string, unknown> = { fingerprint_sha256: hash('sha256', der, 'hex'), raw: base64 };
  let read: Certificate;
  try {
    read = known ?? readCertificate(der);
  } catch (caught) {
    if (!(caught instanceof X509Error)) throw caught;
    certificate.error = caught.message;
    return certificate;
  }
  const { sans } = read;
  certificate.subject = read.subject.text;
  certificate.issuer = read.issuer.text;
  certificate.serial = read.serialHex;
  certificate.not_before = toInstant(read.notBefore);
  certificate.not_after = toInstant(read.notAfter);
  certificate.key_type = read.keyType;
  certificate.signature_algorithm = read.signatureAlgorithm;
  certificate.dns_names = sans.dns;
  certificate.ip_addresses = sans.ip;
  if (sans.total > sans.dns.length + sans.ip.length) certificate.names_total = sans.total;
  return certificate;
}

// Most certificates fit: what is decoded here is done with before the next line is written.
const scratch = Buffer.allocUnsafeSlow(8 * 1024);

/** The bytes, lent until the next call. */
function fromBase64(base64: string): Buffer {
  if (base64.length > scratch.length) return Buffer.from(base64, 'base64');
  return scratch.subarray(0, scratch.write(base64, 'base64'));
}

let second = Number.NaN;
let secondText = '';

/** RFC 3339 to the millisecond. Thousands of targets end in one second: its text is made once. */
function toTimestamp(milliseconds: number): string {
  const within = milliseconds % 1000;
  if (milliseconds - within !== second) {
    second = milliseconds - within;
    secondText = new Date(second).toISOString().slice(0, -4);
  }
  return `${secondText}${within < 10 ? '00' : within < 100 ? '0' : ''}${within}Z`;
}

/** A stranger's certificate may carry a year that ISO 8601 has no four digits for. */
function toInstant(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function toNameText(base64: string): string {
  try {
    return readName(Buffer.from(base64, 'base64')).text;
  } catch (caught) {
    if (caught instanceof X509Error) return `unreadable: ${base64}`;
    throw caught;
  }
}
