import { prepared, type Queryable, toByteaArray } from '@kubecensus/shared/database';
import { cleanText } from '@kubecensus/shared/text';
import { readName, X509Error } from '@kubecensus/shared/x509';
import type { AddressedClientCas } from '../evidence/addressed-evidence.ts';
import { toByteaArrayText } from './bytea-array-text.ts';
import { toTextArrayText } from './text-array-text.ts';

export async function insertClientCaLists(client: Queryable, lists: readonly AddressedClientCas[]): Promise<void> {
  if (lists.length === 0) return;
  await client.query(
    prepared(
      `INSERT INTO client_ca_lists (client_ca_hash, names, texts)
     SELECT hash, names::bytea[], texts::text[]
     FROM unnest($1::bytea[], $2::text[], $3::text[]) AS new (hash, names, texts)
     ORDER BY hash
     ON CONFLICT DO NOTHING`,
      [
        toByteaArray(lists.map(({ hash }) => hash)),
        lists.map(({ names }) => toByteaArrayText(names)),
        lists.map(({ names }) => toTextArrayText(names.map(toText))),
      ],
    ),
  );
}

/** What cannot be read as a name is shown as its bytes. */
function toText(name: Buffer): string {
  try {
    return readName(name).text;
  } catch (caught) {
    if (caught instanceof X509Error) return cleanText(`#${name.toString('hex')}`, 512);
    throw caught;
  }
}
