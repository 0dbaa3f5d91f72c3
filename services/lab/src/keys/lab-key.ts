export type SignatureAlgorithm = 'rsa-sha256' | 'ecdsa-sha256';

/** A key pair that the lab made from its seed. Nothing depends on it being secret. */
export interface LabKey {
  type: 'rsa' | 'ec';
  /** PKCS #8, PEM. */
  privatePem: string;
  /** SubjectPublicKeyInfo, DER. */
  publicDer: Buffer;
  signatureAlgorithm: SignatureAlgorithm;
  /** A signature over `data`; equal data give equal signatures, so that a certificate made again is the same certificate. */
  sign(data: Buffer): Buffer;
}
