import { prepared, type Queryable, toByteaArray } from '@kubecensus/shared/database';
import { type Certificate, readCertificate, X509Error } from '@kubecensus/shared/x509';
import type { AddressedCertificate } from '../evidence/addressed-evidence.ts';
import { toTextArrayText } from './text-array-text.ts';

/** In the order of their hashes: two transactions with certificates in common wait for each other, never in a circle. */
export async function insertCertificates(
  client: Queryable,
  certificates: readonly AddressedCertificate[],
): Promise<void> {
  if (certificates.length === 0) return;
  const read = certificates.map(({ der }) => readOrUndefined(der));
  await client.query(
    prepared(
      `INSERT INTO certificates (certificate_hash, der, subject, issuer, dns_names, ip_addresses,
                               not_before, not_after, key_type, authority_key_id)
     SELECT hash, der, subject, issuer,
            dns::text[], ip::text[],
            not_before, not_after, key_type, authority_key_id
     FROM unnest($1::bytea[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[],
                 $7::timestamptz[], $8::timestamptz[], $9::text[], $10::text[])
       AS new (hash, der, subject, issuer, dns, ip, not_before, not_after, key_type, authority_key_id)
     ORDER BY hash
     ON CONFLICT DO NOTHING`,
      [
        toByteaArray(certificates.map(({ hash }) => hash)),
        toByteaArray(certificates.map(({ der }) => der)),
        read.map((certificate) => certificate?.subject.text ?? null),
        read.map((certificate) => certificate?.issuer.text ?? null),
        read.map((certificate) => toTextArrayText(certificate?.sans.dns ?? [])),
        read.map((certificate) => toTextArrayText(certificate?.sans.ip ?? [])),
        read.map((certificate) => certificate?.notBefore.toISOString() ?? null),
        read.map((certificate) => certificate?.notAfter.toISOString() ?? null),
        read.map((certificate) => certificate?.keyType ?? null),
        read.map((certificate) => certificate?.authorityKeyIdHex ?? null),
      ],
    ),
  );
}

/** A certificate that nobody can read is still evidence: its bytes are kept and its columns stay empty. */
function readOrUndefined(der: Buffer): Certificate | undefined {
  try {
    return readCertificate(der);
  } catch (caught) {
    if (caught instanceof X509Error) return undefined;
    throw caught;
  }
}
