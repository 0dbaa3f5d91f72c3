/** What the lab needs to know of a ClientHello before it chooses how to answer. */
export interface ClientHello {
  serverName: string | null;
  offersTls13: boolean;
}

const SERVER_NAME = 0;
const SUPPORTED_VERSIONS = 43;
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

function serverNameOf(extension: Buffer): string | null {
  const list = new Reader(extension, 0).vector(2);
  if (list === null) return null;
  const reader = new Reader(list, 0);
  return reader.number(1) === 0 ? (reader.vector(2)?.toString('latin1') ?? null) : null;
}

function offersTls13(extension: Buffer): boolean {
  const versions = new Reader(extension, 0).vector(1) ?? Buffer.alloc(0);
  for (let offset = 0; offset + 2 <= versions.length; offset += 2) {
    if (versions.readUInt16BE(offset) === TLS13) return true;
  }
  return false;
}

/** Reads a ClientHello from the first record (RFC 8446 section 4.1.2); null where the bytes are none. */
export function parseClientHello(bytes: Buffer): ClientHello | null {
  // Record header (5), handshake header (4), version (2), random (32).
  if (bytes.length < 43 || bytes[0] !== 22 || bytes[5] !== 1) return null;
  const reader = new Reader(bytes, 43);
  const [sessionId, suites, compression] = [reader.vector(1), reader.vector(2), reader.vector(1)];
  if (sessionId === null || suites === null || compression === null) return null;
  const hello: ClientHello = { serverName: null, offersTls13: false };
  const extensions = new Reader(reader.vector(2) ?? Buffer.alloc(0), 0);
  for (;;) {
    const type = extensions.number(2);
    const body = extensions.vector(2);
    if (type === null || body === null) return hello;
    if (type === SERVER_NAME) hello.serverName = serverNameOf(body);
    if (type === SUPPORTED_VERSIONS) hello.offersTls13 = offersTls13(body);
  }
}
