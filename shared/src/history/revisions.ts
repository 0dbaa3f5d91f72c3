import type { Manifest, PublishedCensus, SupersededCensus } from './manifest.ts';

export interface RevisionFacts {
  before: Manifest | undefined;
  censuses: readonly { censusNumber: number; asOf: string; revision: number; revisionReason: string }[];
  digests: readonly { censusNumber: number; digest: string; endpoints: number; hosts: number; clusters: number }[];
  publishedAt: string;
  because: string | undefined;
}

export interface Revisions {
  /** Some census is new, another than it was, or not there any more. */
  changed: boolean;
  censuses: PublishedCensus[];
  superseded: SupersededCensus[];
}

/**
 * Sets what is to be published against what is. Revisions are the record's. A census whose revision or content became
 * another is published anew, and what was published before stays on the list of the superseded: nothing that was
 * published changes without a trace.
 */
export function toRevisions({ before, censuses, digests, publishedAt, because }: RevisionFacts): Revisions {
  const known = new Map(before?.censuses.map((census) => [census.censusNumber, census]));
  const superseded = [...(before?.superseded ?? [])];
  let changed = false;
  const published = censuses.map(({ censusNumber, asOf, revision, revisionReason }, index): PublishedCensus => {
    const digest = digests[index];
    if (digest?.censusNumber !== censusNumber) throw new RangeError(`census ${censusNumber} has no digest`);
    const old = known.get(censusNumber);
    known.delete(censusNumber);
    if (old?.digest === digest.digest && old.revision === revision) return old;
    changed = true;
    if (old !== undefined)
      superseded.push(toSuperseded(old, publishedAt, because ?? toCause(old.revision, revision, revisionReason)));
    return {
      censusNumber,
      asOf,
      revision,
      revisionReason,
      digest: digest.digest,
      publishedAt,
      endpoints: digest.endpoints,
      hosts: digest.hosts,
      clusters: digest.clusters,
    };
  });
  for (const gone of known.values()) {
    changed = true;
    superseded.push(toSuperseded(gone, publishedAt, because ?? 'the record does not have it any more'));
  }
  return { changed, censuses: published, superseded };
}

function toCause(published: number, recorded: number, reason: string): string {
  if (recorded !== published) return reason;
  // Columns that are looked up, such as support, or that are new, are no part of what the record has of a census.
  return 'the same revision, with other tables of support or places, or in other columns';
}

function toSuperseded(census: PublishedCensus, supersededAt: string, because: string): SupersededCensus {
  return {
    censusNumber: census.censusNumber,
    revision: census.revision,
    digest: census.digest,
    supersededAt,
    because: because.slice(0, 200),
  };
}
