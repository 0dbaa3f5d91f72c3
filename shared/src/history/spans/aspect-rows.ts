import type { AspectName } from './aspects.ts';
import type { Spans } from './load-spans.ts';

/** Combinations of one aspect as rows, in their order; read once for each publication. */
function createReader<Row>(aspect: AspectName, columns: string): (spans: Spans) => Promise<Row[]> {
  const known = new WeakMap<Spans, Promise<Row[]>>();
  return (spans) => {
    const present = known.get(spans);
    if (present !== undefined) return present;
    const reading = spans.read<Row>(aspect, columns);
    known.set(spans, reading);
    // What failed is tried again by the next question.
    reading.catch(() => known.delete(spans));
    return reading;
  };
}

export interface ProfileRow {
  port: number;
  component: string;
  distribution: string | null;
  version: string | null;
}

export const readProfiles = createReader<ProfileRow>('profile', 'port, component, distribution, version');

export interface EndingRow {
  ended: string | null;
  fate: string | null;
  fate_census: number | null;
}

export const readEndings = createReader<EndingRow>('ending', 'ended, fate, fate_census');
