import { count } from './count.ts';
import { cubes } from './cubes.ts';
import type { Route } from './define-route.ts';
import { diff } from './diff.ts';
import { exclusions } from './exclusions.ts';
import { exported } from './export.ts';
import { fields } from './fields.ts';
import { live, ready } from './health.ts';
import { keys } from './keys.ts';
import { scans } from './scans.ts';
import { search } from './search.ts';
import { series } from './series.ts';
import { trend } from './trend.ts';

/** In the order of the description. The description itself is one more, made of these (http/openapi.ts). */
export const ROUTES: readonly Route[] = [
  live,
  ready,
  fields,
  series,
  cubes,
  count,
  trend,
  diff,
  search,
  exported,
  scans,
  exclusions,
  keys,
];
