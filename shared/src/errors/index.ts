export { ERROR_CODES, type ErrorCode, type ExitCode } from './codes.ts';
export { KubecensusError } from './kubecensus-error.ts';
export { errorCodeOf, toError } from './to-error.ts';
