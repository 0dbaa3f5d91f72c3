export { type KeyValue, MAX_DIMENSIONS, UNITS, type Unit } from './asked.ts';
export { type Moment, type PublishedCensusHeader, readCensuses, toCensusOf } from './census-of.ts';
export { type Columns, compileQuery, type Dialect, toLikePattern } from './compile-query.ts';
export { type CountCell, type CountQuestion, type CrossTab, countHistory } from './count-history.ts';
export { type Diff, type DiffQuestion, diffHistory } from './diff-history.ts';
export { DIFF_STATES, type DiffRow, type DiffState } from './diff-states.ts';
export { type FindQuestion, type FoundSpan, findEndpoints } from './find-endpoints.ts';
export { REFERENCE_POINTS, type ReferencePoint } from './reference-points.ts';
export { type Trend, type TrendLine, type TrendQuestion, trendHistory } from './trend-history.ts';
