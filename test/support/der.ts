/** A DER element of the given tag around its contents. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(body.length)]), body]);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  if (length < 0x10000) return [0x82, length >> 8, length & 0xff];
  return [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
}

const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const ALGORITHM = der(0x30, oid('2a8648ce3d040302'));

/** A distinguished name of one CN, of any string type. */
export function nameDer(commonName: string | Buffer, tag = 0x0c): Buffer {
  return der(0x30, der(0x31, der(0x30, oid('550403'), der(tag, Buffer.from(commonName)))));
}

export interface CertificateParts {
  subject?: Buffer;
  issuer?: Buffer;
  notBefore?: Buffer;
  keyInfo?: Buffer;
  /** DER of whole Extension elements. */
  extensions?: readonly Buffer[];
}

export const P256_KEY_INFO = der(
  0x30,
  der(0x30, oid('2a8648ce3d0201'), oid('2a8648ce3d030107')),
  der(0x03, Buffer.from([0, 4]), Buffer.alloc(64, 7)),
);

/** A certificate that nobody signed, put together from its parts. */
export function certificateDer(parts: CertificateParts = {}): Buffer {
  const notBefore = parts.notBefore ?? der(0x17, Buffer.from('250101000000Z'));
  const tbs = der(
    0x30,
    der(0xa0, Buffer.from('020102', 'hex')),
    der(0x02, Buffer.from([5])),
    ALGORITHM,
    parts.issuer ?? nameDer('kubernetes'),
    der(0x30, notBefore, der(0x17, Buffer.from('350101000000Z'))),
    parts.subject ?? nameDer('kube-apiserver'),
    parts.keyInfo ?? P256_KEY_INFO,
    der(0xa3, der(0x30, ...(parts.extensions ?? []))),
  );
  return der(0x30, tbs, ALGORITHM, der(0x03, Buffer.from([0, 1, 2, 3])));
}

/** An Extension element. */
export function extensionDer(idHex: string, value: Buffer): Buffer {
  return der(0x30, oid(idHex), der(0x04, value));
}

/** The subject alternative name extension with these GeneralNames. */
export function altNamesDer(...names: readonly Buffer[]): Buffer {
  return extensionDer('551d11', der(0x30, ...names));
}

export function dnsNameDer(name: string | Buffer): Buffer {
  return der(0x82, Buffer.from(name));
}
