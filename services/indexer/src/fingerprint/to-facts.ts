import { parseVersionDocument } from '@kubecensus/shared/kubernetes';
import type { Evidence, FirstFlight, Response } from '@kubecensus/shared/messages';
import type { Component, PresentReason } from '@kubecensus/shared/vocabulary';
import {
  attributeOf,
  type Certificate,
  type DistinguishedName,
  readCertificate,
  readName,
  X509Error,
} from '@kubecensus/shared/x509';
import type { BodyKind, CertificateFacts, Facts, FlightFacts, HttpFacts, NameFacts } from './facts.ts';

/** Bytes of a body that are looked at to tell its kind; longer ones are judged by their beginning. */
const MAX_JUDGED_BODY_BYTES = 16 * 1024;

/** Evidence of one endpoint as rules read it. Total: what cannot be read is absent from the facts. */
export function toFacts(evidence: Evidence, port: number, component: Component, reason?: PresentReason): Facts {
  const [leaf, ...issuers] = evidence.chain.map(toCertificate);
  const flight = evidence.firstFlight === undefined ? undefined : toFlightFacts(evidence.firstFlight);
  const clientCas = evidence.firstFlight === undefined ? undefined : toClientCas(evidence.firstFlight);
  const { response } = evidence;
  return {
    component,
    port,
    ...(reason === undefined ? {} : { reason }),
    ...(leaf === undefined ? {} : { leaf }),
    issuers: issuers.filter((certificate) => certificate !== undefined),
    ...(flight === undefined ? {} : { flight }),
    ...(clientCas === undefined ? {} : { clientCas }),
    ...(response === undefined ? {} : toAnswer(response, component)),
  };
}

/** For callers that keep certificates already read: the part of toFacts that is worth caching by hash. */
export function toCertificateFacts(certificate: Certificate): CertificateFacts {
  return {
    subject: toNameFacts(certificate.subject),
    issuer: toNameFacts(certificate.issuer),
    dnsNames: certificate.sans.dns.map((name) => name.toLowerCase()),
    ipAddresses: certificate.sans.ip,
    keyType: certificate.keyType,
    notBefore: certificate.notBefore.getTime(),
    notAfter: certificate.notAfter.getTime(),
    extensions: certificate.extensionIds,
    ...(certificate.netscapeComment === undefined ? {} : { netscapeComment: certificate.netscapeComment }),
  };
}

export function toNameFacts(name: DistinguishedName): NameFacts {
  const cn = attributeOf(name, 'CN');
  const o = attributeOf(name, 'O');
  const ou = attributeOf(name, 'OU');
  return {
    text: name.text,
    ...(cn === undefined ? {} : { cn }),
    ...(o === undefined ? {} : { o }),
    ...(ou === undefined ? {} : { ou }),
  };
}

function toCertificate(base64: string): CertificateFacts | undefined {
  const certificate = readOrNothing(() => readCertificate(Buffer.from(base64, 'base64')));
  return certificate === undefined ? undefined : toCertificateFacts(certificate);
}

function toFlightFacts(flight: FirstFlight): FlightFacts {
  const request = flight.certificateRequest;
  return {
    tlsVersion: flight.tlsVersion,
    seenInClear: flight.serverHello !== '' && flight.tlsVersion !== 'tls13',
    ...(flight.extendedMasterSecret === undefined ? {} : { extendedMasterSecret: flight.extendedMasterSecret }),
    ...(flight.downgradeMark === undefined ? {} : { downgradeMark: flight.downgradeMark }),
    clientCertificate: request === 'none' ? 'not-asked' : request === 'unknown' ? 'unknown' : 'asked',
    ...(typeof request === 'string' ? {} : { signatureAlgorithms: request.signatureAlgorithms }),
  };
}

function toClientCas(flight: FirstFlight): NameFacts[] | undefined {
  const request = flight.certificateRequest;
  if (request === 'unknown') return undefined;
  if (request === 'none') return [];
  const names = request.clientCas.map((name) => readOrNothing(() => readName(Buffer.from(name, 'base64'))));
  return names.filter((name) => name !== undefined).map(toNameFacts);
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

function toAnswer(response: Response, component: Component): Pick<Facts, 'http' | 'version'> {
  const bytes = Buffer.from(response.body, 'base64');
  const body = bytes.toString('utf8', 0, MAX_JUDGED_BODY_BYTES + 1);
  const isVersion = response.status === 200 && ASKED_FOR_VERSION.has(component);
  const version = isVersion ? parseVersionDocument(body) : undefined;
  const http: HttpFacts = {
    status: response.status,
    headers: firstOfEach(response.headers),
    bodyKind: version?.kind === 'version' ? 'version-document' : toBodyKind(body),
  };
  return { http, ...(version === undefined ? {} : { version }) };
}

function firstOfEach(headers: Response['headers']): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const [name, value] of headers) if (!first.has(name)) first.set(name, value);
  return first;
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
