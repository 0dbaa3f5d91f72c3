import { constants, createPublicKey, verify } from 'node:crypto';
import { readPublicKey, X509Error } from '@kubecensus/shared/x509';
import { clientRandomOf } from './client-hello.ts';
import type { ServerFlight } from './first-flight.ts';

type Scheme = { digest: 'sha1' | 'sha256' | 'sha384' | 'sha512' | null; key: 'RSA' | 'EC' | 'OKP'; isPss?: true };

/** SignatureScheme (RFC 8446 section 4.2.3) of those in our hello, and their rsa_pss_pss twins. */
const SCHEMES: ReadonlyMap<number, Scheme> = new Map([
  [0x0201, { digest: 'sha1', key: 'RSA' }],
  [0x0401, { digest: 'sha256', key: 'RSA' }],
  [0x0501, { digest: 'sha384', key: 'RSA' }],
  [0x0601, { digest: 'sha512', key: 'RSA' }],
  [0x0804, { digest: 'sha256', key: 'RSA', isPss: true }],
  [0x0805, { digest: 'sha384', key: 'RSA', isPss: true }],
  [0x0806, { digest: 'sha512', key: 'RSA', isPss: true }],
  [0x0809, { digest: 'sha256', key: 'RSA', isPss: true }],
  [0x080a, { digest: 'sha384', key: 'RSA', isPss: true }],
  [0x080b, { digest: 'sha512', key: 'RSA', isPss: true }],
  [0x0203, { digest: 'sha1', key: 'EC' }],
  [0x0403, { digest: 'sha256', key: 'EC' }],
  [0x0503, { digest: 'sha384', key: 'EC' }],
  [0x0603, { digest: 'sha512', key: 'EC' }],
  [0x0807, { digest: null, key: 'OKP' }],
]);

/** Of the largest RSA key that is read. */
const MAX_SIGNATURE_BYTES = 1024;

/**
 * Whether the server holds the key of the certificate it shows: its signature over both randoms and its share (RFC 8422
 * section 5.4) is checked. `failed` is a stranger's copy of someone else's certificate; `unknown` is a key, a scheme or
 * a version that is not checked here. A live relay to the true owner passes, as it does for every client.
 */
export function provePossession(hello: Buffer, flight: ServerFlight): 'proved' | 'failed' | 'unknown' {
  const share = flight.serverShare;
  const leaf = flight.chain[0];
  const scheme = share?.signatureAlgorithm === undefined ? undefined : SCHEMES.get(share.signatureAlgorithm);
  if (share === undefined || leaf === undefined || scheme === undefined) return 'unknown';
  const signed = Buffer.concat([
    clientRandomOf(hello),
    flight.bytes.subarray(flight.random.start, flight.random.end),
    flight.bytes.subarray(share.parameters.start, share.parameters.end),
  ]);
  const signature = flight.bytes.subarray(share.signature.start, share.signature.end);
  if (signature.length === 0 || signature.length > MAX_SIGNATURE_BYTES) return 'failed';
  try {
    const jwk = readPublicKey(flight.bytes.subarray(leaf.start, leaf.end));
    if (jwk?.kty !== scheme.key) return 'unknown';
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
    return verify(scheme.digest, signed, scheme.isPss ? { key, ...padding } : { key }, signature) ? 'proved' : 'failed';
  } catch (error) {
    // A point that is on no curve is the stranger's fault, as unreadable DER is: there is no key to prove.
    if (error instanceof X509Error || (error instanceof Error && 'code' in error)) return 'unknown';
    throw error;
  }
}
