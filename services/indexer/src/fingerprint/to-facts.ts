import { parseVersionDocument, type VersionVerdict } from '@kubecensus/shared/kubernetes';
import type { Evidence, FirstFlight } from '@kubecensus/shared/messages';
import type { Component, PresentReason } from '@kubecensus/shared/vocabulary';
import {
  type Certificate,
  type DistinguishedName,
  readCertificate,
  readName,
  X509Error,
} from '@kubecensus/shared/x509';
import type { EvidenceHead } from '../evidence/classifier.ts';
import { type StoredParts, toStoredParts } from '../evidence/stored-parts.ts';
import { AnswerHeaders } from './answer-headers.ts';
import {
  type BodyKind,
  type CertificateFacts,
  type Facts,
  type FlightFacts,
  isOfApiServer,
  type NameFacts,
} from './facts.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Bytes of a body that are looked at to tell its kind; longer ones are judged by their beginning. */
const MAX_JUDGED_BODY_BYTES = 16 * 1024;

/** Evidence of one endpoint as rules read it. Total: what cannot be read is absent from the facts. */
export function toFacts(evidence: Evidence, port: number, component: Component, reason?: PresentReason): Facts {
  return partsToFacts(toStoredParts(evidence), { component, port, reason: reason ?? null });
}

/** The same of evidence as the record holds it. Parts that many endpoints show are read once. */
export function partsToFacts(parts: StoredParts, { component, port, reason }: EvidenceHead): Facts {
  const [leafDer, ...issuerDers] = parts.chain;
  const leaf = leafDer === undefined ? undefined : toCertificate(leafDer);
  const flight = parts.firstFlightJson === null ? undefined : toFlightFacts(parts.firstFlightJson);
  const clientCas = flight === undefined ? undefined : toClientCas(flight, parts.clientCas);
  // Fields one by one: optional ones that are spread into a literal cost more than all that is in them.
  const facts: Writable<Facts> = {
    component,
    port,
    issuers: issuerDers.length === 0 ? NO_ISSUERS : toIssuers(issuerDers),
  };
  if (reason !== null) facts.reason = reason;
  if (leaf !== undefined) facts.leaf = leaf;
  if (flight !== undefined) facts.flight = flight;
  if (clientCas !== undefined) facts.clientCas = clientCas;
  if (parts.response !== null) addAnswer(facts, parts.response);
  return facts;
}

/** For callers that keep certificates already read: the part of toFacts that is worth caching by hash. */
export function toCertificateFacts(certificate: Certificate): CertificateFacts {
  const facts: Writable<CertificateFacts> = {
    subject: toNameFacts(certificate.subject),
    issuer: toNameFacts(certificate.issuer),
    dnsNames: certificate.sans.dns.map((name) => name.toLowerCase()),
    ipAddresses: certificate.sans.ip,
    keyType: certificate.keyType,
    notBefore: certificate.notBefore.getTime(),
    notAfter: certificate.notAfter.getTime(),
    extensions: certificate.extensionIds,
  };
  if (certificate.netscapeComment !== undefined) facts.netscapeComment = certificate.netscapeComment;
  return facts;
}

export function toNameFacts({ text, attributes }: DistinguishedName): NameFacts {
  const facts: Writable<NameFacts> = { text };
  for (const { type, value } of attributes) {
    if (type === 'CN') facts.cn ??= value;
    else if (type === 'O') facts.o ??= value;
    else if (type === 'OU') facts.ou ??= value;
  }
  return facts;
}

function toCertificate(der: Buffer): CertificateFacts | undefined {
  const certificate = readOrNothing(() => readCertificate(der));
  return certificate === undefined ? undefined : toCertificateFacts(certificate);
}

/** Flights, judged bodies, names and authorities that are remembered; a population shows some thousand of each. */
const MAX_MEMORY = 5000;
/** Longer texts are a stranger's noise: they are read each time, and held by nobody. */
const MAX_REMEMBERED_LENGTH = 2048;

/** Finds a value once for each key, until too many keys came. */
function createMemory<V>(): (key: string, find: () => V) => V {
  const memory = new Map<string, V>();
  return (key, find) => {
    if (key.length > MAX_REMEMBERED_LENGTH) return find();
    const known = memory.get(key);
    if (known !== undefined) return known;
    const value = find();
    if (memory.size >= MAX_MEMORY) memory.clear();
    memory.set(key, value);
    return value;
  };
}

const flightOf = createMemory<FlightFacts>();

function toFlightFacts(json: string): FlightFacts {
  // Evidence keeps no random, so that servers of one build and one setting show the same flight.
  return flightOf(json, () => {
    const flight = JSON.parse(json) as FirstFlight;
    const request = flight.certificateRequest;
    return {
      tlsVersion: flight.tlsVersion,
      seenInClear: flight.serverHello !== '' && flight.tlsVersion !== 'tls13',
      ...(flight.extendedMasterSecret === undefined ? {} : { extendedMasterSecret: flight.extendedMasterSecret }),
      ...(flight.downgradeMark === undefined ? {} : { downgradeMark: flight.downgradeMark }),
      clientCertificate: request === 'none' ? 'not-asked' : request === 'unknown' ? 'unknown' : 'asked',
      ...(typeof request === 'string' ? {} : { signatureAlgorithms: request.signatureAlgorithms }),
    };
  });
}

const authorityOf = createMemory<CertificateFacts | 'unreadable'>();
const nameOf = createMemory<NameFacts | 'unreadable'>();
const NO_ISSUERS: readonly CertificateFacts[] = [];

/** Leaves are an endpoint's own; what signed them is shared by many. */
function toIssuers(ders: readonly Buffer[]): CertificateFacts[] {
  return ders
    .map((der) => authorityOf(der.toString('latin1'), () => toCertificate(der) ?? 'unreadable'))
    .filter((certificate) => certificate !== 'unreadable');
}

function toClientCas({ clientCertificate }: FlightFacts, names: readonly Buffer[] | null): NameFacts[] | undefined {
  if (clientCertificate === 'unknown') return undefined;
  if (clientCertificate === 'not-asked' || names === null) return [];
  return names
    .map((der) => nameOf(der.toString('latin1'), () => toName(der) ?? 'unreadable'))
    .filter((name) => name !== 'unreadable');
}

function toName(der: Buffer): NameFacts | undefined {
  const name = readOrNothing(() => readName(der));
  return name === undefined ? undefined : toNameFacts(name);
}

function readOrNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    // A stranger's DER: the bytes stay in the evidence, the facts go without.
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}

/** Components that are asked for /version; other bodies are no version documents, and no imitations of one. */
const ASKED_FOR_VERSION: ReadonlySet<Component> = new Set<Component>([
  'kube-apiserver',
  'kube-apiserver-insecure',
  'etcd-client',
  'etcd-peer',
]);

interface JudgedBody {
  readonly bodyKind: BodyKind;
  readonly version?: VersionVerdict;
}

const judgedAs = {
  'version of an API server': createMemory<JudgedBody>(),
  version: createMemory<JudgedBody>(),
  other: createMemory<JudgedBody>(),
};

function addAnswer(
  facts: Writable<Facts>,
  { status, headersJson, body: bytes }: NonNullable<StoredParts['response']>,
): void {
  const body = bytes.toString('utf8', 0, MAX_JUDGED_BODY_BYTES + 1);
  const isVersion = status === 200 && ASKED_FOR_VERSION.has(facts.component);
  const ofApiServer = facts.leaf !== undefined && isOfApiServer(facts.leaf) ? 'version of an API server' : 'version';
  const asked = isVersion ? ofApiServer : 'other';
  const { bodyKind, version } = judgedAs[asked](body, () => judgeBody(body, asked));
  facts.http = { status, headers: new AnswerHeaders(headersJson), bodyKind };
  if (version !== undefined) facts.version = version;
}

function judgeBody(body: string, asked: keyof typeof judgedAs): JudgedBody {
  const shownBy = asked === 'version' ? 'anyone' : 'api-server';
  const version = asked === 'other' ? undefined : parseVersionDocument(body, shownBy);
  const bodyKind = version?.kind === 'version' ? 'version-document' : toBodyKind(body);
  return { bodyKind, ...(version === undefined ? {} : { version }) };
}

function toBodyKind(body: string): BodyKind {
  if (body.length === 0) return 'empty';
  if (/[\x00-\x08\x0e-\x1f]/.test(body)) return 'binary';
  if (/^\s*[[{]/.test(body)) return isStatusObject(body) ? 'status-object' : 'json';
  return /^\s*<(!doctype|html|head|body)/i.test(body) ? 'html' : 'text';
}

/** `kind: Status` of k8s.io/apimachinery:pkg/apis/meta/v1/types.go. */
function isStatusObject(body: string): boolean {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && (value as Record<string, unknown>).kind === 'Status';
  } catch {
    // Not whole, not JSON, or nested too deep: no Status object.
    return false;
  }
}
