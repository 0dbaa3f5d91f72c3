// Who may scan what, without what plans scans: who only asks loads no database and no queue.

export {
  DEFAULT_LOOPBACK_RATE,
  DEFAULT_PREFIX_RATE,
  DEFAULT_PRIVATE_RATE,
  MAX_RATE,
  type ScanMethod,
  type ScanRequest,
} from '../scan-request.ts';
export { assertPermitted } from './assert-permitted.ts';
export { assertTerms, type RateOrigin, type ScanTerms } from './assert-terms.ts';
export { assertOperatorContact, type OperatorContact } from './operator-contact.ts';
export { type PermittedScope, toPermittedScope } from './permitted-scope.ts';
