import { createPrivateKey } from 'node:crypto';
import tls from 'node:tls';
import { issueCertificate, toPem } from '../certificates/certificate.ts';
import { toDer } from '../certificates/der.ts';
import { type Name, toNameNode } from '../certificates/name.ts';
import { toAuthoritySpecification } from '../certificates/serving-certificate.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { createRandom } from '../random.ts';
import type { GoServer, GoTraits } from './go-tls/go-flight.ts';
import type { TlsSpecification } from './server-specification.ts';

/** Go's order: AES-128 before all else. */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'AES128-GCM-SHA256',
].join(':');

/** The first of the algorithms in the transcripts' CertificateRequest; OpenSSL offers no SHA-1 at its default level. */
const SIGNATURE_ALGORITHMS =
  'rsa_pss_rsae_sha256:ecdsa_secp256r1_sha256:ed25519:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512';

/** Ten years round the lab's time, for authorities that only lend their name to a request. */
const AUTHORITY_FROM = Date.UTC(2020, 0, 1);
const AUTHORITY_TO = Date.UTC(2040, 0, 1);

/** Keys of those who show certificates that are not theirs. */
const STRANGERS = { rsa: 'rsa2048:2015', ec: 'ec:stranger' } as const;

export interface TlsContexts {
  /** Certificates are signed at the first connection that needs them. */
  context(specification: TlsSpecification): tls.SecureContext;
  /** The same for Go's TLS 1.2; null where the specification plays OpenSSL. */
  goServer(specification: TlsSpecification): GoServer | null;
}

export function createTlsContexts(keys: KeyRing): TlsContexts {
  const contexts = new WeakMap<TlsSpecification, tls.SecureContext>();
  const goServers = new WeakMap<TlsSpecification, GoServer>();
  const authorities = new Map<string, string>();

  /** Its key id differs from every leaf's, and its key is no RSA key, so that OpenSSL never sends it as an issuer. */
  function authority(name: Name): string {
    const label = JSON.stringify(name);
    const known = authorities.get(label);
    if (known !== undefined) return known;
    const specification = toAuthoritySpecification({
      name,
      serial: '01',
      notBefore: AUTHORITY_FROM,
      notAfter: AUTHORITY_TO,
      key: 'ec:client-authority',
      keyId: createRandom(0, 'client-authority', label).hex(40),
    });
    const pem = toPem(issueCertificate(specification, keys));
    authorities.set(label, pem);
    return pem;
  }

  function create({ chain, clientCas, tls13Only }: TlsSpecification): tls.SecureContext {
    const [leaf] = chain;
    if (leaf === undefined) throw new RangeError('a TLS server of the lab needs a certificate');
    const names = clientCas ?? [];
    return tls.createSecureContext({
      key: keys.key(leaf.key).privatePem,
      cert: chain.map((certificate) => toPem(issueCertificate(certificate, keys))).join(''),
      ...(names.length > 0 ? { ca: names.map(authority) } : {}),
      ciphers: CIPHERS,
      honorCipherOrder: true,
      ecdhCurve: 'X25519:P-256:P-384:P-521',
      sigalgs: SIGNATURE_ALGORITHMS,
      minVersion: tls13Only === true ? 'TLSv1.3' : 'TLSv1.2',
    });
  }

  function createGoServer(
    { chain, clientCas, requiresClientCertificate, replayed }: TlsSpecification,
    traits: GoTraits,
  ): GoServer {
    const [leaf] = chain;
    if (leaf === undefined) throw new RangeError('a TLS server of the lab needs a certificate');
    const key = keys.key(leaf.key);
    const signing = replayed === true ? keys.key(STRANGERS[key.type]) : key;
    return {
      chain: chain.map((certificate) => issueCertificate(certificate, keys)),
      privateKey: createPrivateKey(signing.privatePem),
      keyType: key.type,
      ...(clientCas === undefined ? {} : { clientCas: clientCas.map((name) => toDer(toNameNode(name))) }),
      requiresClientCertificate: requiresClientCertificate ?? false,
      traits,
    };
  }

  return {
    goServer(specification) {
      if (specification.go === undefined) return null;
      const known = goServers.get(specification);
      if (known !== undefined) return known;
      const made = createGoServer(specification, specification.go);
      goServers.set(specification, made);
      return made;
    },
    context(specification) {
      const known = contexts.get(specification);
      if (known !== undefined) return known;
      const made = create(specification);
      contexts.set(specification, made);
      return made;
    },
  };
}
