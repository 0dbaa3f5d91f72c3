import { createHash } from 'node:crypto';
import { parseVersionDocument, type VersionDocument } from '@kubecensus/shared/kubernetes';
import type { FirstFlight } from '@kubecensus/shared/messages';
import { type Certificate, type DistinguishedName, readCertificate, X509Error } from '@kubecensus/shared/x509';
import type { ExportedEndpoint } from '../queries/export-endpoints.ts';

/** RDN attributes as Shadowserver names them, after `subject_` and `issuer_`. */
const NAME_PARTS = {
  organization_name: 'O',
  organization_unit_name: 'OU',
  country: 'C',
  state_or_province_name: 'ST',
  locality_name: 'L',
  street_address: 'street',
  postal_code: 'postalCode',
  surname: 'SN',
  given_name: 'GN',
  email_address: 'emailAddress',
  business_category: '2.5.4.15',
  serial_number: 'serialNumber',
} as const;

const toNameColumns = (of: string) => Object.keys(NAME_PARTS).map((part) => `${of}_${part}`);

/**
 * Columns of Shadowserver's report on accessible Kubernetes API servers (scan_kubernetes), in their order, so that what
 * reads theirs reads ours. Empty where we do not look (region, city, industry, reverse names), or do not judge (whether a
 * certificate is trusted).
 */
export const SHADOWSERVER_COLUMNS: readonly string[] = [
  'timestamp', 'ip', 'protocol', 'port', 'hostname', 'tag', 'version', 'asn', 'geo', 'region', 'city', 'naics', 'sic',
  'sector', 'http', 'http_code', 'http_reason', 'content_type', 'server', 'date', 'major', 'minor', 'git_version',
  'git_commit', 'git_tree_state', 'build_date', 'go_version', 'compiler', 'platform', 'handshake', 'cipher_suite',
  'cert_length', 'subject_common_name', 'issuer_common_name', 'cert_issue_date', 'cert_expiration_date',
  'sha1_fingerprint', 'cert_serial_number', 'ssl_version', 'signature_algorithm', 'key_algorithm',
  ...toNameColumns('subject'), ...toNameColumns('issuer'),
  'sha256_fingerprint', 'sha512_fingerprint', 'md5_fingerprint', 'cert_valid', 'self_signed', 'cert_expired',
  'validation_level', 'browser_trusted', 'browser_error', 'raw_cert', 'raw_cert_chain',
]; // biome-ignore format: one block of names

type Cells = Readonly<Record<string, unknown>>;

/** One row of that report. Without a certificate, or with one that cannot be read, its columns are empty. */
export function toShadowserverValues(exported: ExportedEndpoint): unknown[] {
  const { found, observation } = exported;
  const { chain, firstFlight, response } = observation.evidence;
  const seenAt = new Date(observation.observedAt);
  const header = (name: string) => response?.headers.find(([known]) => known === name)?.[1];
  const cells: Cells = {
    timestamp: toTime(seenAt),
    ip: found.address,
    protocol: 'tcp',
    port: found.port,
    tag: 'kubernetes',
    asn: found.asn,
    geo: found.country,
    http: response === undefined ? undefined : 'HTTP/1.1',
    http_code: response?.status,
    content_type: header('content-type'),
    server: header('server'),
    ...toVersionCells(response),
    ...toHandshakeCells(firstFlight),
    ...toCertificateCells(chain, seenAt),
  };
  return SHADOWSERVER_COLUMNS.map((column) => cells[column]);
}

function toVersionCells(response: { status: number; body: string } | undefined): Cells {
  if (response?.status !== 200) return {};
  const verdict = parseVersionDocument(Buffer.from(response.body, 'base64').toString('utf8'));
  if (!('document' in verdict)) return {};
  const document: VersionDocument = verdict.document;
  return {
    major: document.major,
    minor: document.minor,
    git_version: document.gitVersion,
    git_commit: document.gitCommit,
    git_tree_state: document.gitTreeState,
    build_date: document.buildDate,
    go_version: document.goVersion,
    compiler: document.compiler,
    platform: document.platform,
  };
}

const VERSIONS = { tls10: 'TLSv1.0', tls11: 'TLSv1.1', tls12: 'TLSv1.2', tls13: 'TLSv1.3' } as const;

function toHandshakeCells(flight: FirstFlight | undefined): Cells {
  if (flight === undefined) return {};
  // By its number: IANA's name of a suite is one look-up away, and no table of them grows old here.
  const suite = flight.cipherSuite?.toString(16).padStart(4, '0').toUpperCase();
  return { handshake: VERSIONS[flight.tlsVersion], ...(suite === undefined ? {} : { cipher_suite: `0x${suite}` }) };
}

function toCertificateCells([leaf, ...issuers]: readonly string[], seenAt: Date): Cells {
  if (leaf === undefined) return {};
  const der = Buffer.from(leaf, 'base64');
  const print = (algorithm: string) => {
    const hex = createHash(algorithm).update(der).digest('hex').toUpperCase();
    return hex.replace(/(..)(?=.)/g, '$1:');
  };
  const known = {
    sha1_fingerprint: print('sha1'),
    sha256_fingerprint: print('sha256'),
    sha512_fingerprint: print('sha512'),
    md5_fingerprint: print('md5'),
    raw_cert: leaf,
    raw_cert_chain: issuers.join(' '),
  };
  let certificate: Certificate;
  try {
    certificate = readCertificate(der);
  } catch (caught) {
    if (caught instanceof X509Error) return known;
    throw caught;
  }
  const { subject, issuer, notBefore, notAfter, keyType } = certificate;
  return {
    ...known,
    cert_length: /^RSA-(\d+)$/.exec(keyType)?.[1],
    subject_common_name: pick(subject, 'CN'),
    issuer_common_name: pick(issuer, 'CN'),
    cert_issue_date: toTime(notBefore),
    cert_expiration_date: toTime(notAfter),
    cert_serial_number: certificate.serialHex.toUpperCase(),
    ssl_version: 2, // v3, counted from 0 as the certificate does
    signature_algorithm: certificate.signatureAlgorithm,
    key_algorithm: keyType,
    ...toNameCells('subject', subject),
    ...toNameCells('issuer', issuer),
    self_signed: subject.text === issuer.text ? 'Y' : 'N',
    cert_expired: notAfter < seenAt ? 'Y' : 'N',
    validation_level: 'unknown',
  };
}

function toNameCells(of: string, name: DistinguishedName): Cells {
  return Object.fromEntries(Object.entries(NAME_PARTS).map(([part, type]) => [`${of}_${part}`, pick(name, type)]));
}

function pick({ attributes }: DistinguishedName, type: string): string | undefined {
  return attributes.find((attribute) => attribute.type === type)?.value;
}

/** 2026-03-01 12:00:00, UTC; empty for a year that has no four digits. */
function toTime(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 19).replace('T', ' ');
}
