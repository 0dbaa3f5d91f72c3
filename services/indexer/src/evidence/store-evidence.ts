import type { Queryable } from '@kubecensus/shared/database';
import { insertCertificates } from '../store/insert-certificates.ts';
import { insertClientCaLists } from '../store/insert-client-ca-lists.ts';
import { insertEvidence } from '../store/insert-evidence.ts';
import { insertFirstFlights } from '../store/insert-first-flights.ts';
import { insertResponses } from '../store/insert-responses.ts';
import { selectEvidenceIds } from '../store/select-evidence-ids.ts';
import type { AddressedEvidence } from './addressed-evidence.ts';

/**
 * Stores each evidence once and gives the id of each by its hash in base64, with those that were new to the record.
 * From one census to the next 97 of 100 are known: one look-up, and none of their parts is sent again.
 */
export async function storeEvidence(
  client: Queryable,
  evidence: readonly AddressedEvidence[],
): Promise<{ ids: Map<string, number>; added: Map<string, AddressedEvidence> }> {
  const byHash = new Map(evidence.map((one) => [one.hash.toString('base64'), one]));
  const ids = await selectEvidenceIds(
    client,
    [...byHash.values()].map(({ hash }) => hash),
  );
  const added = new Map([...byHash].filter(([hash]) => !ids.has(hash)));
  if (added.size === 0) return { ids, added };

  // One order of tables, and within each the order of the hashes: transactions that meet wait, and never in a circle.
  const parts = [...added.values()];
  await insertCertificates(client, distinct(parts.flatMap(({ chain }) => chain)));
  await insertClientCaLists(client, distinct(parts.flatMap(({ clientCas }) => clientCas ?? [])));
  await insertFirstFlights(client, distinct(parts.flatMap(({ firstFlight }) => firstFlight ?? [])));
  await insertResponses(client, distinct(parts.flatMap(({ response }) => response ?? [])));
  for (const [hash, id] of await insertEvidence(client, parts)) ids.set(hash, id);
  // Another transaction may have stored some of it meanwhile.
  const others = [...added].filter(([hash]) => !ids.has(hash)).map(([, one]) => one.hash);
  if (others.length > 0) for (const [hash, id] of await selectEvidenceIds(client, others)) ids.set(hash, id);
  return { ids, added };
}

function distinct<T extends { hash: Buffer }>(parts: readonly T[]): T[] {
  return [...new Map(parts.map((part) => [part.hash.toString('base64'), part])).values()];
}
