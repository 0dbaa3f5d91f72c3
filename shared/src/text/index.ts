export * from './clean-text.ts';
export * from './grouped-number.ts';
