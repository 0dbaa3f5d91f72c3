export { EXCLUSIONS_CHANNEL, type Exclusion, nextExclusionChange, toExclusionSet } from './exclusion-set.ts';
export { type ExclusionRow, listExclusions } from './store/list-exclusions.ts';
export { type ExclusionsRead, readExclusions, readExclusionsVersion } from './store/read-exclusions.ts';
export { endExclusions, insertExclusion, type NewExclusion } from './store/write-exclusions.ts';
