export const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

export const HANDSHAKE = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
} as const;

/** Alert descriptions (RFC 5246 section 7.2, RFC 6066, RFC 8446) that decide what follows. */
export const ALERT = {
  closeNotify: 0,
  handshakeFailure: 40,
  noCertificate: 41,
  badCertificate: 42,
  accessDenied: 49,
  protocolVersion: 70,
  insufficientSecurity: 71,
  unrecognizedName: 112,
  certificateRequired: 116,
} as const;

/** NamedGroup (RFC 8422 section 5.1.1). */
export const GROUP = { p256: 23, p384: 24, x25519: 29 } as const;

export const EXTENSION = { extendedMasterSecret: 23 } as const;

export const TLS12 = 0x0303;
export const RECORD_HEADER_BYTES = 5;
export const HANDSHAKE_HEADER_BYTES = 4;
/** Plaintext of one record (RFC 5246 section 6.2.1). */
export const MAX_PLAINTEXT_BYTES = 16_384;
/** A protected record may be this much longer (RFC 5246 section 6.2.3). */
export const MAX_PROTECTION_BYTES = 2048;
