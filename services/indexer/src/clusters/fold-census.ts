/*
 * The clusters of a census, folded when it is closed, in the transaction that closes it:
 *
 *   what is new in it -> the marks that this touches -> all that shows one of them -> mirrors and templates apart
 *     -> groups of one mark -> each is the cluster that its marks stood for, or a new one -> memberships by interval
 *
 * What shows none of the touched marks is not read. The same censuses in their order give the same clusters, whether each
 * was folded when it was closed or all are folded again; the order in which a census' observations arrived is not seen.
 */
import type { Queryable } from '@kubecensus/shared/database';
import { settleClaims } from './settle-claims.ts';
import { createFoldTables, type FoldedCensus } from './store/create-fold-tables.ts';
import { insertFolding, insertMarks, insertTouched, insertWholePrefixes } from './store/gather-members.ts';
import { insertGroups, insertTemplates, updateMirrored } from './store/judge-members.ts';
import { insertClaims, nameUncontested, selectContested, updateGroups } from './store/name-groups.ts';
import { insertClusters, writeMemberships } from './store/write-memberships.ts';
import { insertFoundPossessions } from './store/write-possessions.ts';

export interface Folded {
  /** Memberships that no longer hold as they were, and those that begin. */
  ended: number;
  opened: number;
}

/** Folds a census whose sightings are written, and its evidence marked, from the findings in `found`. */
export async function foldCensus(client: Queryable, census: FoldedCensus): Promise<Folded> {
  await insertFoundPossessions(client, census);
  return foldMarked(client, census);
}

/** The same from marks and possessions that are known. */
export async function foldMarked(client: Queryable, census: FoldedCensus): Promise<Folded> {
  await createFoldTables(client);
  await insertTouched(client, census);
  await insertWholePrefixes(client, census);
  await insertMarks(client, census);
  await insertFolding(client, census);
  await updateMirrored(client);
  await insertTemplates(client, census);
  await insertGroups(client, census);
  await insertClaims(client, census);
  await nameUncontested(client, census);
  const { groups, taken } = await selectContested(client, census);
  const isTaken = (clusterId: string) => taken.has(clusterId);
  await updateGroups(client, settleClaims(groups, { censusNumber: census.censusNumber, isTaken }));
  await insertClusters(client, census);
  return writeMemberships(client, census);
}
