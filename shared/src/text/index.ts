export * from './clean-text.ts';
export * from './grouped-number.ts';
export * from './is-base64.ts';
