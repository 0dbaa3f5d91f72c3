import { fileURLToPath } from 'node:url';
import { countLines, type Subject } from './subject.ts';

const PROGRAM = fileURLToPath(new URL('../../reference/full-handshake.js', import.meta.url));

/** A full handshake takes so much CPU that more at a time only wait, the last ones beyond their deadline. */
const SOCKETS = 200;

/** The plainest correct program over node:tls; with a path, it asks for that too. */
export function plainNodeTls(path?: string): Subject {
  return {
    name: path === undefined ? 'full handshakes by node:tls' : 'handshake and GET by node:tls',
    program: process.execPath,
    words: () => [PROGRAM, String(SOCKETS), ...(path === undefined ? [] : [path])],
    readsTargets: true,
    countSeen: (stdout) => countLines(stdout, path === undefined ? '"certificate":"M' : 'HTTP/1.1 200'),
  };
}
