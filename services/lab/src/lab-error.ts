import { type ErrorCode, KubecensusError } from '@kubecensus/shared/errors';

/** Something that keeps the lab from playing. */
export class LabError extends KubecensusError {
  // The code alone tells what it is: it crosses the border of a process.
  constructor(code: Extract<ErrorCode, `LAB_${string}` | 'LIFECYCLE_STATE_WRONG'>, message: string) {
    super(code, message);
  }
}

export type LabErrorCode = ConstructorParameters<typeof LabError>[0];
