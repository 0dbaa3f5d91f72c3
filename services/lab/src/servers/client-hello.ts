/** What the lab needs to know of a ClientHello before it chooses how to answer. */
export interface ClientHello {
  serverName: string | null;
  offersTls13: boolean;
  /** 32 bytes. */
  random: Buffer;
  suites: readonly number[];
  extensions: ReadonlyMap<number, Buffer>;
}

export const EXTENSION = {
  serverName: 0,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  applicationProtocols: 16,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  supportedVersions: 43,
  renegotiationInfo: 0xff01,
} as const;

const TLS13 = 0x0304;

/** A position in the bytes that ends the reading, without an error, where the bytes end. */
class Reader {
  readonly bytes: Buffer;
  offset: number;

  constructor(bytes: Buffer, offset: number) {
    this.bytes = bytes;
    this.offset = offset;
  }

  number(size: 1 | 2): number | null {
    if (this.offset + size > this.bytes.length) return null;
    const value = this.bytes.readUIntBE(this.offset, size);
    this.offset += size;
    return value;
  }

  vector(size: 1 | 2): Buffer | null {
    const length = this.number(size);
    if (length === null || this.offset + length > this.bytes.length) return null;
    const value = this.bytes.subarray(this.offset, this.offset + length);
    this.offset += length;
    return value;
  }
}

/** The numbers of two bytes each in `bytes`; a last odd byte is left out. */
function numbers(bytes: Buffer): number[] {
  return Array.from({ length: Math.floor(bytes.length / 2) }, (_, index) => bytes.readUInt16BE(index * 2));
}

/** A list of numbers behind its length, as in supported groups and signature algorithms. */
export function numbersOf(extension: Buffer | undefined, lengthSize: 1 | 2 = 2): number[] {
  return extension === undefined ? [] : numbers(new Reader(extension, 0).vector(lengthSize) ?? Buffer.alloc(0));
}

function serverNameOf(extension: Buffer | undefined): string | null {
  const list = extension === undefined ? null : new Reader(extension, 0).vector(2);
  if (list === null) return null;
  const reader = new Reader(list, 0);
  return reader.number(1) === 0 ? (reader.vector(2)?.toString('latin1') ?? null) : null;
}

function extensionsOf(block: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  const reader = new Reader(block, 0);
  for (;;) {
    const type = reader.number(2);
    const body = reader.vector(2);
    if (type === null || body === null) return found;
    if (!found.has(type)) found.set(type, body);
  }
}

/** Reads a ClientHello from the first record (RFC 8446 section 4.1.2); null where the bytes are none. */
export function parseClientHello(bytes: Buffer): ClientHello | null {
  // Record header (5), handshake header (4), version (2), random (32).
  if (bytes.length < 43 || bytes[0] !== 22 || bytes[5] !== 1) return null;
  const reader = new Reader(bytes, 43);
  const [sessionId, suites, compression] = [reader.vector(1), reader.vector(2), reader.vector(1)];
  if (sessionId === null || suites === null || compression === null) return null;
  const extensions = extensionsOf(reader.vector(2) ?? Buffer.alloc(0));
  return {
    serverName: serverNameOf(extensions.get(EXTENSION.serverName)),
    offersTls13: numbersOf(extensions.get(EXTENSION.supportedVersions), 1).includes(TLS13),
    random: bytes.subarray(11, 43),
    suites: numbers(suites),
    extensions,
  };
}
