export * from './version.ts';
export * from './version-document.ts';
