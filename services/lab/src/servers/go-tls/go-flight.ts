import { constants, type KeyObject, sign } from 'node:crypto';
import { type ClientHello, EXTENSION, numbersOf } from '../client-hello.ts';

/** What a Go server needs for its first flight. */
export interface GoServer {
  /** DER, leaf first. */
  chain: readonly Buffer[];
  privateKey: KeyObject;
  keyType: 'rsa' | 'ec';
  /** DER of the names; absent: no client certificate is asked for. */
  clientCas?: readonly Buffer[];
  /** Refuses a client that shows no certificate. */
  requiresClientCertificate?: boolean;
  traits: GoTraits;
}

/** What can be seen of a server's Go release in its first flight. */
export interface GoTraits {
  /** Agreed on where it is offered: from Go 1.21 on. */
  extendedMasterSecret: boolean;
  /** SHA-1 among the signature algorithms: to Go 1.24 (its release notes). */
  sha1: boolean;
}

/** The traits of `go1.19.8` and the like. */
export function toGoTraits(goVersion: string): GoTraits {
  const minor = Number(/^go1\.(\d+)/.exec(goVersion)?.[1] ?? Number.NaN);
  if (Number.isNaN(minor)) throw new RangeError(`${goVersion} is no Go release; write go1.24.6`);
  return { extendedMasterSecret: minor >= 21, sha1: minor < 25 };
}

const HANDSHAKE = { serverHello: 2, certificate: 11, serverKeyExchange: 12, certificateRequest: 13, helloDone: 14 };
const AES_128_GCM = { rsa: 0xc02f, ec: 0xc02b } as const;
const X25519 = 29;
const RSA_PSS_SHA256 = 0x0804;
const ECDSA_P256_SHA256 = 0x0403;
const RENEGOTIATION_SCSV = 0x00ff;
/** `DOWNGRD` and 1: a server that also speaks TLS 1.3 (RFC 8446 section 4.1.3). */
const DOWNGRADE_MARK = Buffer.from('444f574e47524401', 'hex');

/** crypto/tls' algorithms, in its order (transcript of Go 1.19.8). */
const SIGNATURE_ALGORITHMS = [
  0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603, 0x0201, 0x0203,
];
const SHA1_ALGORITHMS: ReadonlySet<number> = new Set([0x0201, 0x0203]);

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

function uint24(value: number): Buffer {
  return Buffer.of(value >> 16, (value >> 8) & 0xff, value & 0xff);
}

function message(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type), uint24(body.length), body]);
}

function extension(type: number, body: Buffer): Buffer {
  return Buffer.concat([uint16(type), uint16(body.length), body]);
}

/** Whether the lab answers this hello as Go does; the rest, TLS 1.3 and rarer suites, it leaves to OpenSSL. */
export function agreesOnGo(hello: ClientHello, server: GoServer): boolean {
  const groups = numbersOf(hello.extensions.get(EXTENSION.supportedGroups));
  const algorithms = numbersOf(hello.extensions.get(EXTENSION.signatureAlgorithms));
  return (
    !hello.offersTls13 &&
    !hello.extensions.has(EXTENSION.sessionTicket) &&
    !hello.extensions.has(EXTENSION.applicationProtocols) &&
    hello.suites.includes(AES_128_GCM[server.keyType]) &&
    groups.includes(X25519) &&
    algorithms.includes(server.keyType === 'rsa' ? RSA_PSS_SHA256 : ECDSA_P256_SHA256)
  );
}

export function agreesOnExtendedMasterSecret(hello: ClientHello, server: GoServer): boolean {
  return server.traits.extendedMasterSecret && hello.extensions.has(EXTENSION.extendedMasterSecret);
}

function serverHello(hello: ClientHello, server: GoServer, random: Buffer): Buffer {
  const extensions: Buffer[] = [];
  // In the order in which crypto/tls writes them.
  const renegotiation = hello.suites.includes(RENEGOTIATION_SCSV) || hello.extensions.has(EXTENSION.renegotiationInfo);
  if (renegotiation) extensions.push(extension(EXTENSION.renegotiationInfo, Buffer.of(0)));
  if (agreesOnExtendedMasterSecret(hello, server)) {
    extensions.push(extension(EXTENSION.extendedMasterSecret, Buffer.alloc(0)));
  }
  if (hello.extensions.has(EXTENSION.pointFormats)) extensions.push(extension(EXTENSION.pointFormats, Buffer.of(1, 0)));
  const block = Buffer.concat(extensions);
  const body = [Buffer.of(3, 3), random, Buffer.of(0), uint16(AES_128_GCM[server.keyType]), Buffer.of(0)];
  return message(
    HANDSHAKE.serverHello,
    Buffer.concat([...body, ...(block.length > 0 ? [uint16(block.length), block] : [])]),
  );
}

function certificate(chain: readonly Buffer[]): Buffer {
  const list = Buffer.concat(chain.flatMap((der) => [uint24(der.length), der]));
  return message(HANDSHAKE.certificate, Buffer.concat([uint24(list.length), list]));
}

function signShare(signed: Buffer, key: KeyObject, keyType: GoServer['keyType']): Buffer {
  return keyType === 'ec'
    ? sign('sha256', signed, key)
    : sign('sha256', signed, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
}

function serverKeyExchange(hello: ClientHello, server: GoServer, random: Buffer, share: Buffer): Buffer {
  const parameters = Buffer.concat([Buffer.of(3), uint16(X25519), Buffer.of(share.length), share]);
  const signed = Buffer.concat([hello.random, random, parameters]);
  const signature = signShare(signed, server.privateKey, server.keyType);
  const algorithm = uint16(server.keyType === 'ec' ? ECDSA_P256_SHA256 : RSA_PSS_SHA256);
  return message(
    HANDSHAKE.serverKeyExchange,
    Buffer.concat([parameters, algorithm, uint16(signature.length), signature]),
  );
}

function certificateRequest(names: readonly Buffer[], { sha1 }: GoTraits): Buffer {
  const algorithms = SIGNATURE_ALGORITHMS.filter((algorithm) => sha1 || !SHA1_ALGORITHMS.has(algorithm));
  const list = Buffer.concat(names.flatMap((name) => [uint16(name.length), name]));
  return message(
    HANDSHAKE.certificateRequest,
    Buffer.concat([
      // rsa_sign and ecdsa_sign.
      Buffer.of(2, 1, 64),
      uint16(algorithms.length * 2),
      ...algorithms.map(uint16),
      uint16(list.length),
      list,
    ]),
  );
}

/** The messages of a Go server's first flight; each travels in a record of its own. `entropy` is 24 bytes. */
export function toGoFlight(
  hello: ClientHello,
  server: GoServer,
  options: { entropy: Buffer; share: Buffer },
): { messages: Buffer[]; random: Buffer } {
  const random = Buffer.concat([options.entropy, DOWNGRADE_MARK]);
  return {
    random,
    messages: [
      serverHello(hello, server, random),
      certificate(server.chain),
      serverKeyExchange(hello, server, random, options.share),
      ...(server.clientCas === undefined ? [] : [certificateRequest(server.clientCas, server.traits)]),
      message(HANDSHAKE.helloDone, Buffer.alloc(0)),
    ],
  };
}
