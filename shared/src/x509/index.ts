export * from './distinguished-name.ts';
export * from './read-certificate.ts';
export * from './read-names.ts';
export * from './read-public-key.ts';
export * from './subject-alt-names.ts';
export * from './x509-error.ts';
