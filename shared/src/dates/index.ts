export { type Period, parsePeriod } from './parse-period.ts';
