export { makeDirectories } from './make-directories.ts';
