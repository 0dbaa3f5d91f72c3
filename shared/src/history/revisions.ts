import type { Manifest, PublishedCensus, SupersededCensus } from './manifest.ts';

export interface RevisionFacts {
  before: Manifest | undefined;
  censuses: readonly { censusNumber: number; asOf: string }[];
  digests: readonly { censusNumber: number; digest: string; endpoints: number; hosts: number }[];
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
 * Sets what is to be published against what is. A census whose content became another gets the next revision, and the
 * one before stays on the list of the superseded: nothing that was published changes without a trace.
 */
export function toRevisions({ before, censuses, digests, publishedAt, because }: RevisionFacts): Revisions {
  const known = new Map(before?.censuses.map((census) => [census.censusNumber, census]));
  const superseded = [...(before?.superseded ?? [])];
  const lastRevision = new Map(superseded.map((census) => [census.censusNumber, census.revision]));
  let changed = false;
  const published = censuses.map(({ censusNumber, asOf }, index): PublishedCensus => {
    const digest = digests[index];
    if (digest?.censusNumber !== censusNumber) throw new RangeError(`census ${censusNumber} has no digest`);
    const old = known.get(censusNumber);
    known.delete(censusNumber);
    if (old?.digest === digest.digest) return old;
    changed = true;
    if (old !== undefined) superseded.push(toSuperseded(old, publishedAt, because ?? 'the record changed'));
    return {
      censusNumber,
      asOf,
      revision: (old?.revision ?? lastRevision.get(censusNumber) ?? 0) + 1,
      digest: digest.digest,
      publishedAt,
      endpoints: digest.endpoints,
      hosts: digest.hosts,
    };
  });
  for (const gone of known.values()) {
    changed = true;
    superseded.push(toSuperseded(gone, publishedAt, because ?? 'the record does not have it any more'));
  }
  return { changed, censuses: published, superseded };
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
