export { createKeyText, toKeyHash } from './access/api-key.ts';
export { type ApiOptions, createApi } from './create-api.ts';
export { TEXT_FORMATS, type TextFormat, type TextFormatName } from './export/export-text.ts';
export { FLAT_COLUMNS, FLAT_NAMES } from './export/flat-columns.ts';
export { createSample, ESTIMATE_METHOD, type Estimate, estimate, parseShare } from './export/sample.ts';
export { type ApiKeyRow, hasKeys, insertKey, listKeys, revokeKey } from './queries/api-keys.ts';
export * from './queries/index.ts';
export { createApiService, type ListenOptions } from './start-api.ts';
