import type { ScanRequest } from '../scan-request.ts';
import { assertTerms } from './assert-terms.ts';
import { toPermittedScope } from './permitted-scope.ts';

/**
 * Whether this may be scanned at all, before anything is opened for it; the exclusions are the planner's to ask.
 * @throws KubecensusError of area SCAN
 */
export function assertPermitted(request: ScanRequest): void {
  assertTerms(request, toPermittedScope(request.targets, request.allowPrivate ?? false));
}
