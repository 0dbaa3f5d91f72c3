import { createHash } from 'node:crypto';
import { parseVersionDocument } from '@kubecensus/shared/kubernetes';
import type { Observation } from '@kubecensus/shared/messages';
import type { Outcome } from '@kubecensus/shared/vocabulary';
import { type Certificate, readCertificate, readName, X509Error } from '@kubecensus/shared/x509';
import type { Classification } from './classify-observation.ts';

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

/** One line in the shape of zgrab2's: `ip`, and under `data.<component>` what was seen there, and its verdict if given. */
export function toZgrabLine(observation: Observation, classification?: Classification): Record<string, unknown> {
  const { address, port, component, outcome, reason, observedAt, secondConnection } = observation;
  const error = outcome === 'answered' ? undefined : reason ? `${outcome}: ${reason}` : outcome;
  return {
    ip: address,
    data: {
      [component]: {
        status: STATUS[outcome],
        protocol: component,
        port,
        timestamp: new Date(observedAt).toISOString(),
        ...toResult(observation),
        ...classification,
        ...(secondConnection !== undefined && { second_connection: secondConnection }),
        ...(error !== undefined && { error }),
      },
    },
  };
}

function toResult({ evidence }: Observation): { result?: Record<string, unknown> } {
  const { chain, chainLength, firstFlight, response } = evidence;
  if (chain.length === 0 && firstFlight === undefined && response === undefined) return {};
  const [leaf, ...issuers] = chain;
  return {
    result: {
      ...(leaf !== undefined && { certificate: toCertificate(leaf) }),
      ...(issuers.length > 0 && { chain: issuers }),
      ...(chainLength > chain.length && { chain_length: chainLength }),
      ...(firstFlight !== undefined && {
        tls: {
          version: firstFlight.tlsVersion,
          cipher_suite: firstFlight.cipherSuite,
          ...(firstFlight.curve !== undefined && { curve: firstFlight.curve }),
          ...(firstFlight.signatureAlgorithm !== undefined && { signature_algorithm: firstFlight.signatureAlgorithm }),
          extensions: firstFlight.extensions,
          extended_master_secret: firstFlight.extendedMasterSecret,
          downgrade_mark: firstFlight.downgradeMark,
          certificate_request:
            typeof firstFlight.certificateRequest === 'string'
              ? firstFlight.certificateRequest
              : {
                  types: firstFlight.certificateRequest.types,
                  signature_algorithms: firstFlight.certificateRequest.signatureAlgorithms,
                  client_cas: firstFlight.certificateRequest.clientCas.map(toNameText),
                },
        },
      }),
      ...(response !== undefined && toAnswer(response)),
    },
  };
}

function toAnswer(response: NonNullable<Observation['evidence']['response']>): Record<string, unknown> {
  const body = Buffer.from(response.body, 'base64').toString('utf8');
  const verdict = response.status === 200 ? parseVersionDocument(body) : undefined;
  return {
    response: { status_code: response.status, headers: response.headers, body },
    ...(verdict?.kind === 'version' && { version: verdict.document }),
  };
}

function toCertificate(base64: string): Record<string, unknown> {
  const der = Buffer.from(base64, 'base64');
  const head = { fingerprint_sha256: createHash('sha256').update(der).digest('hex'), raw: base64 };
  let read: Certificate;
  try {
    read = readCertificate(der);
  } catch (caught) {
    if (caught instanceof X509Error) return { ...head, error: caught.message };
    throw caught;
  }
  const { sans } = read;
  return {
    ...head,
    subject: read.subject.text,
    issuer: read.issuer.text,
    serial: read.serialHex,
    not_before: toInstant(read.notBefore),
    not_after: toInstant(read.notAfter),
    key_type: read.keyType,
    signature_algorithm: read.signatureAlgorithm,
    dns_names: sans.dns,
    ip_addresses: sans.ip,
    ...(sans.total > sans.dns.length + sans.ip.length && { names_total: sans.total }),
  };
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
