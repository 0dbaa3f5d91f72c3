import { MAX_CHAIN } from '@kubecensus/shared/messages';
import { ByteCursor } from './byte-cursor.ts';
import { isEcdheSuite } from './cipher-suites.ts';
import { MAX_CLIENT_CAS } from './limits.ts';
import { EXTENSION, HANDSHAKE, TLS12 } from './tls-constants.ts';
import { WireError } from './wire-error.ts';

/** Offsets into the flight's bytes; nothing is copied until it is known to be wanted. */
export interface ByteRange {
  start: number;
  end: number;
}

/** The ECDHE half of a ServerKeyExchange (RFC 8422 section 5.4). */
export interface ServerShare {
  curve: number;
  point: ByteRange;
  /** The signed parameters: curve type to the end of the point. */
  parameters: ByteRange;
  /** SignatureScheme; absent before TLS 1.2. */
  signatureAlgorithm?: number;
  signature: ByteRange;
}

export interface ServerCertificateRequest {
  types: number[];
  signatureAlgorithms: number[];
  clientCas: ByteRange[];
}

/** A server's first flight, read in place. */
export interface ServerFlight {
  bytes: Buffer;
  length: number;
  /** 0x0301 to 0x0303. */
  version: number;
  serverHello: ByteRange;
  random: ByteRange;
  sessionId: ByteRange;
  cipherSuite: number;
  extensions: number[];
  extendedMasterSecret: boolean;
  downgradeMark: boolean;
  /** Leaf first, at most `MAX_CHAIN`. */
  chain: ByteRange[];
  chainLength: number;
  serverShare?: ServerShare;
  certificateRequest?: ServerCertificateRequest;
}

const MAX_EXTENSIONS = 64;
/** `DOWNGRD` (RFC 8446 section 4.1.3); the octet after it tells TLS 1.1 from 1.2. */
const DOWNGRADE_MARK = Buffer.from('DOWNGRD', 'latin1');
const RANDOM_BYTES = 32;
const NAMED_CURVE = 3;

/**
 * Reads the handshake messages of a complete first flight: ServerHello to ServerHelloDone, in the
 * order of RFC 5246 section 7.3.
 *
 * @throws WireError
 */
export function parseFirstFlight(bytes: Buffer, length: number): ServerFlight {
  const messages = new ByteCursor(bytes, 0, length);
  let flight: ServerFlight | undefined;
  let last = -1;
  while (messages.remaining > 0) {
    const start = messages.position;
    const type = messages.uint8();
    const body = messages.vector(messages.uint24());
    const place = MESSAGE_ORDER.indexOf(type);
    if (place <= last) throw new WireError('WIRE_MALFORMED', `handshake message ${type} out of its order`);
    last = place;
    if (flight === undefined) {
      flight = readServerHello(body, { start, end: body.end }, length);
      continue;
    }
    switch (type) {
      case HANDSHAKE.certificate:
        readChain(body, flight);
        break;
      case HANDSHAKE.serverKeyExchange:
        if (isEcdheSuite(flight.cipherSuite)) flight.serverShare = readServerShare(body, flight.version);
        break;
      case HANDSHAKE.certificateRequest:
        flight.certificateRequest = readCertificateRequest(body, flight.version);
        break;
    }
  }
  if (flight === undefined || last !== MESSAGE_ORDER.length - 1) {
    throw new WireError('WIRE_MALFORMED', 'a first flight without ServerHello or ServerHelloDone');
  }
  return flight;
}

const MESSAGE_ORDER: readonly number[] = [
  HANDSHAKE.serverHello,
  HANDSHAKE.certificate,
  HANDSHAKE.certificateStatus,
  HANDSHAKE.serverKeyExchange,
  HANDSHAKE.certificateRequest,
  HANDSHAKE.serverHelloDone,
];

function readServerHello(body: ByteCursor, serverHello: ByteRange, length: number): ServerFlight {
  const version = body.uint16();
  if (version < 0x0301 || version > TLS12)
    throw new WireError('WIRE_MALFORMED', `server version 0x${version.toString(16)}`);
  const randomStart = body.skip(RANDOM_BYTES);
  const random = { start: randomStart, end: randomStart + RANDOM_BYTES };
  const session = body.vector(body.uint8());
  if (session.remaining > 32) throw new WireError('WIRE_MALFORMED', `session id of ${session.remaining} bytes`);
  const cipherSuite = body.uint16();
  if (body.uint8() !== 0) throw new WireError('WIRE_MALFORMED', 'a compression that was not offered');
  const extensions: number[] = [];
  if (body.remaining > 0) {
    const list = body.vector(body.uint16());
    while (list.remaining > 0) {
      const type = list.uint16();
      list.skip(list.uint16());
      if (extensions.length === MAX_EXTENSIONS)
        throw new WireError('WIRE_TOO_LARGE', `over ${MAX_EXTENSIONS} extensions`);
      extensions.push(type);
    }
  }
  return {
    bytes: body.bytes,
    length,
    version,
    serverHello,
    random,
    sessionId: { start: session.position, end: session.end },
    cipherSuite,
    extensions,
    extendedMasterSecret: extensions.includes(EXTENSION.extendedMasterSecret),
    downgradeMark: body.bytes.compare(DOWNGRADE_MARK, 0, 7, random.end - 8, random.end - 1) === 0,
    chain: [],
    chainLength: 0,
  };
}

function readChain(body: ByteCursor, flight: ServerFlight): void {
  const list = body.vector(body.uint24());
  while (list.remaining > 0) {
    const length = list.uint24();
    const start = list.skip(length);
    if (flight.chainLength++ < MAX_CHAIN) flight.chain.push({ start, end: start + length });
  }
}

function readServerShare(body: ByteCursor, version: number): ServerShare {
  const parametersStart = body.position;
  const curveType = body.uint8();
  if (curveType !== NAMED_CURVE) throw new WireError('WIRE_MALFORMED', `curve type ${curveType}`);
  const curve = body.uint16();
  const point = body.vector(body.uint8());
  const parameters = { start: parametersStart, end: point.end };
  const scheme = version === TLS12 ? { signatureAlgorithm: body.uint16() } : {};
  const signature = body.vector(body.uint16());
  return {
    curve,
    point: { start: point.position, end: point.end },
    parameters,
    ...scheme,
    signature: { start: signature.position, end: signature.end },
  };
}

function readCertificateRequest(body: ByteCursor, version: number): ServerCertificateRequest {
  const types: number[] = [];
  const typeList = body.vector(body.uint8());
  while (typeList.remaining > 0) types.push(typeList.uint8());
  const signatureAlgorithms: number[] = [];
  if (version === TLS12) {
    const schemes = body.vector(body.uint16());
    while (schemes.remaining > 0) signatureAlgorithms.push(schemes.uint16());
  }
  const clientCas: ByteRange[] = [];
  const names = body.vector(body.uint16());
  while (names.remaining > 0) {
    const length = names.uint16();
    const start = names.skip(length);
    if (clientCas.length < MAX_CLIENT_CAS) clientCas.push({ start, end: start + length });
  }
  return { types, signatureAlgorithms, clientCas };
}
