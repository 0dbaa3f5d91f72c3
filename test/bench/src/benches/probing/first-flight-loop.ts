import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { SOCKETS, type Subject } from './subject.ts';

const SOURCE = fileURLToPath(new URL('../../../reference/first-flight-loop.c', import.meta.url));
const COMPILERS = ['cc', 'gcc', 'clang'];

/**
 * The bare epoll loop in C that sends the same hello, compiled for this run; undefined where there is no compiler.
 * @param what `shown` counts whole first flights, `refused` connections that were refused
 */
export function compileFirstFlightLoop(
  directory: string,
  helloFile: string,
  what: 'shown' | 'refused',
): Subject | undefined {
  const program = path.join(directory, 'first-flight-loop');
  const isCompiled = COMPILERS.some((compiler) => {
    try {
      execFileSync(compiler, ['-O2', '-o', program, SOURCE], { stdio: ['ignore', 'ignore', 'inherit'] });
      return true;
    } catch (caught) {
      if ((caught as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw caught;
    }
  });
  if (!isCompiled) return undefined;
  return {
    name: 'epoll loop in C',
    program,
    words: () => [helloFile, String(SOCKETS)],
    readsTargets: true,
    async countSeen(stdout) {
      const [shown = 0, refused = 0] = (await text(stdout)).split(' ').map(Number);
      return what === 'shown' ? shown : refused;
    },
  };
}
