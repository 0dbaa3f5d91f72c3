import { randomFillSync } from 'node:crypto';
import { CERTIFICATE_ONLY_SUITES, FINISHABLE_SUITES } from './cipher-suites.ts';
import { EXTENSION, GROUP, HANDSHAKE, RECORD, RECORD_HEADER_BYTES, TLS12 } from './tls-constants.ts';

/** Octets of the client random that stay random, so that no recorded ServerKeyExchange fits a later hello. */
const FRESH_RANDOM_BYTES = 4;
const RANDOM_BYTES = 32;
/** Made together: a copy for each cost 3 µs. */
const HELLOS_AT_ONCE = 128;
/** Record header, handshake header, version. */
const RANDOM_OFFSET = RECORD_HEADER_BYTES + 4 + 2;
/** TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 section 3.3). */
const RENEGOTIATION_SCSV = 0x00ff;

const SIGNATURE_ALGORITHMS = [
  0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0603, 0x0806, 0x0601, 0x0807, 0x0203, 0x0201,
];

/** Gives the hello of each connection: the same bytes but for the last octets of the random. */
export interface ClientHello {
  /** One TLS record, to be written as it is; octets of its own each time. */
  next(): Buffer;
}

/**
 * The one TLS 1.2 ClientHello of this prober: record version 0x0301 (RFC 5246 appendix E.1), no server name, no
 * ALPN, no session; X25519, P-256, P-384; extended master secret (RFC 7627).
 *
 * @param name ASCII that opens the client random, at most 28 octets (longer is cut).
 * @param serverName said to the server (RFC 6066 section 3), for a named target of one's own; nobody else is called by a
 *   name, for listeners that make certificates on demand learn it.
 */
export function createClientHello(name: string, serverName?: string): ClientHello {
  const template = helloRecord(clientRandom(name), serverName);
  const fresh = Buffer.alloc(HELLOS_AT_ONCE * FRESH_RANDOM_BYTES);
  // Each is held for as long as its handshake may need it: a new piece of memory then, and not these octets again.
  let hellos = fresh;
  let freshAt = fresh.length;
  const freshOffset = RANDOM_OFFSET + RANDOM_BYTES - FRESH_RANDOM_BYTES;
  return {
    next() {
      if (freshAt === fresh.length) {
        randomFillSync(fresh);
        freshAt = 0;
        hellos = Buffer.alloc(HELLOS_AT_ONCE * template.length, template);
      }
      const start = (freshAt / FRESH_RANDOM_BYTES) * template.length;
      const hello = hellos.subarray(start, start + template.length);
      fresh.copy(hello, freshOffset, freshAt, freshAt + FRESH_RANDOM_BYTES);
      freshAt += FRESH_RANDOM_BYTES;
      return hello;
    },
  };
}

/** The client random of a hello record made here. */
export function clientRandomOf(hello: Buffer): Buffer {
  return hello.subarray(RANDOM_OFFSET, RANDOM_OFFSET + RANDOM_BYTES);
}

function clientRandom(name: string): Buffer {
  const random = Buffer.alloc(RANDOM_BYTES, ' ');
  random.write(name.replace(/[^\x20-\x7e]/g, '?').slice(0, RANDOM_BYTES - FRESH_RANDOM_BYTES), 'latin1');
  return random;
}

function helloRecord(random: Buffer, serverName: string | undefined): Buffer {
  const suites = [...FINISHABLE_SUITES.map((suite) => suite.id), ...CERTIFICATE_ONLY_SUITES, RENEGOTIATION_SCSV];
  const extensions = Buffer.concat([
    serverName === undefined ? Buffer.alloc(0) : extension(0, vector16(hostName(serverName))),
    extension(10, vector16(uint16s([GROUP.x25519, GROUP.p256, GROUP.p384]))),
    extension(11, Buffer.from([1, 0])),
    extension(13, vector16(uint16s(SIGNATURE_ALGORITHMS))),
    extension(EXTENSION.extendedMasterSecret, Buffer.alloc(0)),
  ]);
  const body = Buffer.concat([
    uint16s([TLS12]),
    random,
    Buffer.from([0]),
    vector16(uint16s(suites)),
    Buffer.from([1, 0]),
    vector16(extensions),
  ]);
  const header = Buffer.from([HANDSHAKE.clientHello, 0, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([RECORD.handshake, 3, 1]), vector16(Buffer.concat([header, body]))]);
}

function hostName(name: string): Buffer {
  return Buffer.concat([Buffer.from([0]), vector16(Buffer.from(name, 'latin1'))]);
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([uint16s([type]), vector16(data)]);
}

function vector16(data: Buffer): Buffer {
  return Buffer.concat([uint16s([data.length]), data]);
}

function uint16s(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, 2 * index);
  return bytes;
}
