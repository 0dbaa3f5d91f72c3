import { type AddressSet, AddressSetBuilder, parseRange } from '@kubecensus/shared/addresses';
import type { Queryable } from '@kubecensus/shared/database';
import { selectExclusionsSince } from '../store/select-exclusions-since.ts';

/** All that was excluded at any time since the scan began. */
export async function readExcludedSince(client: Queryable, scanId: string): Promise<AddressSet> {
  const builder = new AddressSetBuilder();
  for (const { first, last } of await selectExclusionsSince(client, scanId)) {
    builder.add(parseRange(`${first}-${last}`));
  }
  return builder.build();
}
