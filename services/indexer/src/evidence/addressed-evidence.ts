import { hash } from 'node:crypto';
import type { FirstFlight, Observation, Response } from '@kubecensus/shared/messages';
import { cleanText } from '@kubecensus/shared/text';
import type { Component, Outcome, PresentReason } from '@kubecensus/shared/vocabulary';

/** Evidence of one observation, each part under the SHA-256 of its own bytes, so that equal parts are stored once. */
export interface AddressedEvidence {
  hash: Buffer;
  component: Component;
  port: number;
  outcome: Outcome;
  reason: PresentReason | null;
  chain: AddressedCertificate[];
  chainLength: number;
  clientCas: AddressedClientCas | null;
  firstFlight: { hash: Buffer; json: string } | null;
  response: AddressedResponse | null;
}

export interface AddressedCertificate {
  hash: Buffer;
  der: Buffer;
}

/** The client CAs that a server named, in its order; their DER. */
export interface AddressedClientCas {
  hash: Buffer;
  names: Buffer[];
}

export interface AddressedResponse {
  hash: Buffer;
  status: number;
  headersJson: string;
  body: Buffer;
}

/** Written into every hash, so that a change of the shapes below can never collide with what is stored. */
const SHAPE = 1;

function sha256(data: string | Buffer): Buffer {
  return hash('sha256', data, 'buffer');
}

/** Undefined where the observation carries nothing that could be kept (a refused connection). */
export function toAddressedEvidence(observation: Observation): AddressedEvidence | undefined {
  const { evidence, component, port, outcome } = observation;
  if (evidence.chain.length === 0 && evidence.firstFlight === undefined && evidence.response === undefined) {
    return undefined;
  }
  const reason = observation.reason ?? null;
  const chain = evidence.chain.map((base64) => {
    const der = Buffer.from(base64, 'base64');
    return { hash: sha256(der), der };
  });
  const clientCas = evidence.firstFlight === undefined ? null : addressClientCas(evidence.firstFlight);
  const firstFlight = evidence.firstFlight === undefined ? null : addressFirstFlight(evidence.firstFlight);
  const response = evidence.response === undefined ? null : addressResponse(evidence.response);
  const tuple = [
    SHAPE,
    component,
    port,
    outcome,
    reason,
    evidence.chainLength,
    chain.map((certificate) => certificate.hash.toString('base64')),
    clientCas?.hash.toString('base64') ?? null,
    firstFlight?.hash.toString('base64') ?? null,
    response?.hash.toString('base64') ?? null,
  ];
  return {
    hash: sha256(JSON.stringify(tuple)),
    component,
    port,
    outcome,
    reason,
    chain,
    chainLength: evidence.chainLength,
    clientCas,
    firstFlight,
    response,
  };
}

/** Null where the server asked for no client certificate, or nobody can know; an empty list is a mark of its own. */
function addressClientCas(flight: FirstFlight): AddressedClientCas | null {
  if (typeof flight.certificateRequest === 'string') return null;
  const names = flight.certificateRequest.clientCas.map((base64) => Buffer.from(base64, 'base64'));
  return { hash: sha256(JSON.stringify([SHAPE, names.map((name) => name.toString('base64'))])), names };
}

/** The stored form of a first flight: its properties in one fixed order, without the client CAs. */
function addressFirstFlight(flight: FirstFlight): { hash: Buffer; json: string } {
  const { certificateRequest: request } = flight;
  const json = JSON.stringify({
    tlsVersion: flight.tlsVersion,
    cipherSuite: flight.cipherSuite,
    curve: flight.curve,
    signatureAlgorithm: flight.signatureAlgorithm,
    extensions: flight.extensions,
    extendedMasterSecret: flight.extendedMasterSecret,
    downgradeMark: flight.downgradeMark,
    sessionIdLength: flight.sessionIdLength,
    certificateRequest:
      typeof request === 'string'
        ? request
        : { types: request.types, signatureAlgorithms: request.signatureAlgorithms },
    serverHello: flight.serverHello,
  });
  return { hash: sha256(`${SHAPE}${json}`), json };
}

function addressResponse(response: Response): AddressedResponse {
  // jsonb refuses a NUL or half a surrogate pair, and header values are a stranger's.
  const headersJson = JSON.stringify(response.headers.map(([name, value]) => [cleanText(name), cleanText(value)]));
  const body = Buffer.from(response.body, 'base64');
  const bodyHash = sha256(body).toString('base64');
  return {
    hash: sha256(JSON.stringify([SHAPE, response.status, headersJson, bodyHash])),
    status: response.status,
    headersJson,
    body,
  };
}
