export { EXCLUSIONS_CHANNEL, type Exclusion, nextExclusionChange, toExclusionSet } from './exclusion-set.ts';
export { type ExclusionsRead, readExclusions, readExclusionsVersion } from './store/read-exclusions.ts';
