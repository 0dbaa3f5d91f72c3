import type { CertificateSpecification } from '../certificates/certificate.ts';
import { toAuthoritySpecification, toServingSpecification } from '../certificates/serving-certificate.ts';
import type { KeyName } from '../keys/key-ring.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

/**
 * The pair that client-go's cert package makes for a server without a certificate: `<host>@<epoch>` by
 * `<host>-ca@<epoch>`, valid from one hour before, the authority sent too (transcripts of kubelet, controller-manager
 * and scheduler 1.20.2).
 */
export function selfSignedChain(options: {
  host: string;
  names: readonly string[];
  /** When the process first started, ms. */
  startedAt: number;
  key: KeyName;
  keyId: string;
}): CertificateSpecification[] {
  const epoch = Math.floor(options.startedAt / 1000);
  const notBefore = epoch * 1000 - HOUR_MS;
  const authority = [['CN', `${options.host}-ca@${epoch}`]] as const;
  return [
    toServingSpecification({
      subject: [['CN', `${options.host}@${epoch}`]],
      issuer: authority,
      sans: options.names,
      serial: '02',
      notBefore,
      notAfter: notBefore + YEAR_MS,
      key: options.key,
      signer: 'rsa2048:0',
      authorityKeyId: options.keyId,
      basicConstraints: true,
    }),
    toAuthoritySpecification({
      name: authority,
      serial: '01',
      notBefore,
      notAfter: notBefore + YEAR_MS,
      key: 'rsa2048:0',
      keyId: options.keyId,
    }),
  ];
}
