export { parseZgrabLine, type ZgrabFinding } from './parse-zgrab-line.ts';
export { toZgrabLine, type ZgrabStatus } from './to-zgrab-line.ts';
