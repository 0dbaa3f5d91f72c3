/**
 * DER of a certificate as a reader sees it: any names, an EC key, a signature that nobody made (nothing here verifies
 * one). Tens of thousands a second, where signing gives a few hundred.
 */
export interface CertificateText {
  serial: number;
  subject: string;
  issuer: string;
  dnsNames?: readonly string[];
  ipAddresses?: readonly string[];
}

function tlv(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const hex = (text: string) => Buffer.from(text, 'hex');
const COMMON_NAME = hex('0603550403');
const SUBJECT_ALT_NAME = hex('0603551d11');
const ECDSA_SHA256 = tlv(0x30, hex('06082a8648ce3d040302'));
const EC_P256 = tlv(0x30, hex('06072a8648ce3d0201'), hex('06082a8648ce3d030107'));
const UNCOMPRESSED_POINT = tlv(0x03, hex('0004'), Buffer.alloc(64, 7));
const SIGNATURE = tlv(0x03, hex('00'), Buffer.alloc(70, 9));
const VALIDITY = tlv(0x30, tlv(0x17, Buffer.from('250101000000Z')), tlv(0x17, Buffer.from('350101000000Z')));

function name(commonName: string): Buffer {
  return tlv(0x30, tlv(0x31, tlv(0x30, COMMON_NAME, tlv(0x0c, Buffer.from(commonName)))));
}

function altNames({ dnsNames = [], ipAddresses = [] }: CertificateText): Buffer {
  const dns = dnsNames.map((text) => tlv(0x82, Buffer.from(text)));
  const ip = ipAddresses.map((text) => tlv(0x87, Buffer.from(text.split('.').map(Number))));
  return tlv(0xa3, tlv(0x30, tlv(0x30, SUBJECT_ALT_NAME, tlv(0x04, tlv(0x30, ...dns, ...ip)))));
}

export function toCertificateDer(text: CertificateText): Buffer {
  const serial = Buffer.alloc(9);
  serial.writeBigUInt64BE(BigInt(text.serial), 1);
  const tbs = tlv(
    0x30,
    tlv(0xa0, hex('020102')),
    tlv(0x02, serial),
    ECDSA_SHA256,
    name(text.issuer),
    VALIDITY,
    name(text.subject),
    tlv(0x30, EC_P256, UNCOMPRESSED_POINT),
    altNames(text),
  );
  return tlv(0x30, tbs, ECDSA_SHA256, SIGNATURE);
}

/** DER of `CN=<commonName>`, as a CertificateRequest names a client CA. */
export function toNameDer(commonName: string): Buffer {
  return name(commonName);
}
