export { createLab, type Lab, type LabOptions, type LabTargets } from './lab.ts';
export { LabError } from './lab-error.ts';
export type { LearnedName } from './servers/learned-names.ts';
export type { Arrival } from './servers/recorder.ts';
export { type LabProcess, spawnLab } from './spawn-lab.ts';
export { type LabTransition, type LabTruth, toTruthLines } from './truth.ts';
