export { createKeyText, toKeyHash } from './access/api-key.ts';
export { type ApiOptions, createApi } from './create-api.ts';
export { type ApiKeyRow, hasKeys, insertKey, listKeys, revokeKey } from './queries/api-keys.ts';
export * from './queries/index.ts';
export { createApiService, type ListenOptions } from './start-api.ts';
