export { parseZgrabLine, type ZgrabFinding } from './parse-zgrab-line.ts';
export { ReadEvidence } from './read-evidence.ts';
export { toZgrabLine, type ZgrabStatus } from './to-zgrab-line.ts';
