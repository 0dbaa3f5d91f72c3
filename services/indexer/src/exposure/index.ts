export { EXACT_SAN, type ExposureVerdict, exposure } from './exposure.ts';
export { type ComponentExposure, EXPOSURE_RULES, type ExposureLevel } from './exposure-rules.ts';
