import { defineEvil } from './define-evil.ts';
import { honest } from './honest.ts';

/** SubjectPublicKeyInfo of id-ecPublicKey on P-256 with the one byte that stands for infinity (SEC 1 section 2.3.3). */
const POINT_AT_INFINITY = '3019301306072a8648ce3d020106082a8648ce3d03010703020000';

/** TLS 1.3 only, so that a library must read it, with a certificate in its chain whose public key, the point at infinity, makes Node abort when its details or its JWK are read (20.20, 22, 24). */
export default defineEvil({
  name: 'key-parser-abort',
  showsCertificate: true,
  outcomes: ['answered', 'fallback-crashed'],
  tls: (tls) => {
    const [leaf] = tls.chain;
    return leaf === undefined
      ? tls
      : { ...tls, tls13Only: true, chain: [leaf, { ...leaf, publicKeyDer: POINT_AT_INFINITY }] };
  },
  behave: (context) => honest(context),
});
