import type { Observation } from '@kubecensus/shared/messages';
import { createProbe, type Probe } from '../../services/prober/src/probe-target.ts';
import { OWN_ADDRESS } from '../support/own-address.ts';
import type { CertificatePool, KeyKind } from '../support/prober/certificates.ts';
import type { Curve, ServerCase } from './server-case.ts';

/** What the probe recorded of a server, in the words of a `ServerCase`. */
export interface Recorded {
  /** `answered`, or `present: ` and its reason. */
  outcome: string;
  connections: 1 | 2;
  version?: string;
  suite?: number;
  curve?: Curve;
  /** The kind of the certificate made here that was read, byte for byte. */
  certificate?: KeyKind;
  /** Client certificate: `unknown` behind TLS 1.3, else `none`, or `asked` with the number of CAs that were named. */
  clientCertificate?: string;
  possession?: string;
  status?: number;
  body?: string;
}

const CURVE_NAMES: Readonly<Record<number, Curve>> = { 29: 'X25519', 23: 'P-256', 24: 'P-384' };

/** A probe that looks for API servers on loopback and proves that they hold their keys. */
export function startProbe(): Probe {
  return createProbe({
    operator: { url: 'https://scan.example.org/', name: 'scan.example.org' },
    version: '0.1.0',
    mayConnect: (address) => address === OWN_ADDRESS,
    provePossession: true,
    // Out of a busy machine's reach: no case here ends by a deadline.
    connectTimeoutMs: 30_000,
    firstFlightTimeoutMs: 30_000,
    answerTimeoutMs: 30_000,
  });
}

export async function record(probe: Probe, pool: CertificatePool, port: number): Promise<Recorded> {
  return toRecorded(await probe.probe({ address: OWN_ADDRESS, port }, 'kube-apiserver'), pool);
}

export function toRecorded(observation: Observation, pool: CertificatePool): Recorded {
  const { outcome, reason, evidence, possession, secondConnection } = observation;
  const { firstFlight, response, chain } = evidence;
  const recorded: Recorded = {
    outcome: reason === undefined ? outcome : `${outcome}: ${reason}`,
    connections: secondConnection === undefined ? 1 : 2,
  };
  if (firstFlight !== undefined) {
    recorded.version = firstFlight.tlsVersion;
    if (firstFlight.cipherSuite !== undefined) recorded.suite = firstFlight.cipherSuite;
    const curve = firstFlight.curve === undefined ? undefined : CURVE_NAMES[firstFlight.curve];
    if (curve !== undefined) recorded.curve = curve;
    const request = firstFlight.certificateRequest;
    recorded.clientCertificate = typeof request === 'string' ? request : `asked, ${request.clientCas.length} named`;
  }
  const kind = chain[0] === undefined ? undefined : pool.kindOf(Buffer.from(chain[0], 'base64'));
  if (kind !== undefined) recorded.certificate = kind;
  if (possession !== undefined) recorded.possession = possession;
  if (response !== undefined) {
    recorded.status = response.status;
    recorded.body = Buffer.from(response.body, 'base64').toString('latin1');
  }
  return recorded;
}

/** What must be recorded of a server that is held to TLS 1.2 and a suite that we finish. */
export function finished(of: ServerCase, answer: object): object {
  return {
    outcome: 'answered',
    connections: 1,
    version: 'tls12',
    certificate: of.kind,
    clientCertificate: 'none',
    possession: 'proved',
    ...(of.suite === undefined ? {} : { suite: of.suite.id }),
    ...(of.curve === undefined ? {} : { curve: of.curve }),
    ...answer,
  };
}

/** What must be recorded of a server that is held to TLS 1.3: all that the library tells, and nothing that it hides. */
export function overLibrary(of: ServerCase, answer: object): object {
  return {
    outcome: 'answered',
    connections: 2,
    version: 'tls13',
    certificate: of.kind,
    clientCertificate: 'unknown',
    possession: 'proved',
    ...answer,
  };
}
