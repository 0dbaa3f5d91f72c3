import { parseQuery, type Query } from '@kubecensus/shared/history';
import type { Role } from './permissions.ts';

/** Who asks. */
export interface Viewer {
  role: Role;
  /** Absent where no key was shown. */
  keyId?: number;
  /** Of an owner. */
  ranges: readonly string[];
}

export const PUBLIC_VIEWER: Viewer = { role: 'public', ranges: [] };

/** The query as this viewer may ask it: an owner's goes no further than its verified ranges, and without any finds nothing. */
export function restrictTo(viewer: Viewer, query: Query): Query {
  if (viewer.role !== 'owner') return query;
  const ranges = viewer.ranges.map((range) => parseQuery(`ip:${range}`));
  return { kind: 'and', of: [{ kind: 'or', of: ranges }, query] };
}
