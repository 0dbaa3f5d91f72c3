import { ERROR_CODES, type ErrorCode, type ExitCode } from './codes.ts';

/**
 * A failure that the product foresaw. The message is one line that names the thing, the value and the next step,
 * and never carries a credential; `cause` keeps what the library or the system said.
 */
export class KubecensusError extends Error {
  readonly code: ErrorCode;
  readonly exitCode: ExitCode;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; exitCode?: ExitCode } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.exitCode = options.exitCode ?? ERROR_CODES[code].exitCode;
  }
}
