/** A TLS 1.2 suite that this prober can finish a handshake with: ECDHE and an AEAD. */
export interface CipherSuite {
  id: number;
  cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  keyBytes: 16 | 32;
  /** Octets of the IV that come from the key block. */
  fixedIvBytes: 4 | 12;
  /** Octets of nonce that travel in each record (RFC 5288 section 3); none for ChaCha20 (RFC 7905). */
  explicitNonceBytes: 8 | 0;
  /** Hash of the PRF and of Finished. */
  hash: 'sha256' | 'sha384';
}

const aes128 = { cipher: 'aes-128-gcm', keyBytes: 16, fixedIvBytes: 4, explicitNonceBytes: 8, hash: 'sha256' } as const;
const aes256 = { cipher: 'aes-256-gcm', keyBytes: 32, fixedIvBytes: 4, explicitNonceBytes: 8, hash: 'sha384' } as const;
const chacha = {
  cipher: 'chacha20-poly1305',
  keyBytes: 32,
  fixedIvBytes: 12,
  explicitNonceBytes: 0,
  hash: 'sha256',
} as const;

/** In the order of the hello: the cheapest first. */
export const FINISHABLE_SUITES: readonly CipherSuite[] = [
  { id: 0xc02b, ...aes128 }, // ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
  { id: 0xc02f, ...aes128 }, // ECDHE_RSA_WITH_AES_128_GCM_SHA256
  { id: 0xc02c, ...aes256 }, // ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
  { id: 0xc030, ...aes256 }, // ECDHE_RSA_WITH_AES_256_GCM_SHA384
  { id: 0xcca9, ...chacha }, // ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
  { id: 0xcca8, ...chacha }, // ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
];

/** Offered after those above: with these a server shows its certificate, and that is all we need of it. */
export const CERTIFICATE_ONLY_SUITES: readonly number[] = [
  0xc009,
  0xc013,
  0xc00a,
  0xc014,
  0xc023,
  0xc027,
  0xc024,
  0xc028, // ECDHE with CBC
  0x009c,
  0x009d,
  0x003c,
  0x003d,
  0x002f,
  0x0035, // RSA key exchange
  0x009e,
  0x009f,
  0xccaa,
  0x0033,
  0x0039, // DHE
  0x000a, // RSA with 3DES: the last resort of TLS 1.0
];

const FINISHABLE_BY_ID: ReadonlyMap<number, CipherSuite> = new Map(FINISHABLE_SUITES.map((suite) => [suite.id, suite]));

export function finishableSuite(id: number): CipherSuite | undefined {
  return FINISHABLE_BY_ID.get(id);
}

/** ECDHE suites put named-curve parameters into the ServerKeyExchange (RFC 8422 section 5.4). */
export function isEcdheSuite(id: number): boolean {
  return (
    (id >= 0xc006 && id <= 0xc014 && id !== 0xc00b) || (id >= 0xc023 && id <= 0xc032) || id === 0xcca8 || id === 0xcca9
  );
}
