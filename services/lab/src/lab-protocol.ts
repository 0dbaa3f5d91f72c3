import type { Lab, LabOptions } from './lab.ts';
import type { LabErrorCode } from './lab-error.ts';

/** What a parent may ask of a lab in a child process: the lab's own methods. */
export type LabMethod = Exclude<keyof Lab, 'start'>;

/** Parent to child. Ids are the parent's, from 1; `start` is answered under id 0 by itself. */
export interface LabRequest {
  id: number;
  method: LabMethod;
  arguments: unknown[];
}

/** Child to parent. */
export type LabReply = { id: number; result: unknown } | { id: number; error: { code: LabErrorCode; message: string } };

/** Id of the reply that says the lab has started. */
export const STARTED = 0;

export function toLabArgument(options: LabOptions): string {
  return JSON.stringify(options);
}

export function fromLabArgument(text: string | undefined): LabOptions {
  return JSON.parse(text ?? '{}') as LabOptions;
}
