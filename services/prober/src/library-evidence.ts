import type { FirstFlight } from '@kubecensus/shared/messages';
import type { LibraryFlight } from './fallback/fallback-message.ts';
import { GROUP } from './wire/tls-constants.ts';

/** TLS 1.3 (RFC 8446 appendix B.4) and what the legacy profile meets most; any other is left out. */
const SUITE_IDS: Readonly<Record<string, number>> = {
  TLS_AES_128_GCM_SHA256: 0x1301,
  TLS_AES_256_GCM_SHA384: 0x1302,
  TLS_CHACHA20_POLY1305_SHA256: 0x1303,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 0xc02b,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 0xc02c,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: 0xc02f,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: 0xc030,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: 0xc013,
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: 0xc014,
  TLS_RSA_WITH_AES_128_CBC_SHA: 0x002f,
  TLS_RSA_WITH_AES_256_CBC_SHA: 0x0035,
  TLS_RSA_WITH_AES_128_GCM_SHA256: 0x009c,
  TLS_RSA_WITH_AES_256_GCM_SHA384: 0x009d,
  TLS_RSA_WITH_3DES_EDE_CBC_SHA: 0x000a,
};

const CURVES: Readonly<Record<string, number>> = {
  X25519: GROUP.x25519,
  prime256v1: GROUP.p256,
  secp384r1: GROUP.p384,
};

/**
 * What a handshake over the library proves. The request for a client certificate is hidden in it: `unknown`, never "none";
 * what else the library keeps to itself (extensions, the server's random, its session id) is left out.
 */
export function libraryFirstFlight(flight: LibraryFlight): FirstFlight {
  const curve = flight.curveName === undefined ? undefined : CURVES[flight.curveName];
  const cipherSuite = SUITE_IDS[flight.cipherSuiteName];
  return {
    tlsVersion: flight.tlsVersion,
    ...(cipherSuite === undefined ? {} : { cipherSuite }),
    ...(curve === undefined ? {} : { curve }),
    certificateRequest: 'unknown',
    serverHello: '',
  };
}
