/**
 * Headers that tell what answered and stay the same from one request to the next; dates, request ids and cookies would
 * make new evidence of every look.
 */
export const IDENTIFYING_HEADERS: ReadonlySet<string> = new Set([
  'allow',
  'cache-control',
  'content-encoding',
  'content-type',
  'location',
  'server',
  'strict-transport-security',
  'via',
  'www-authenticate',
  'x-content-type-options',
  'x-frame-options',
  'x-kubernetes-pf-flowschema-uid',
  'x-kubernetes-pf-prioritylevel-uid',
  'x-powered-by',
]);
