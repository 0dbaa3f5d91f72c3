import { Readable, Writable } from 'node:stream';
import { run } from '../../services/cli/src/program.ts';
import type { Terminal } from '../../services/cli/src/terminal.ts';

/** The command line in this process, with the settings that the test stubbed; `input` is its standard input. */
export async function commandInProcess(
  args: readonly string[],
  input = '',
): Promise<{ code: number; out: string; err: string }> {
  const text = { out: '', err: '' };
  const into = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        text[name] += String(chunk);
        done();
      },
    });
  const terminal = { stdin: Readable.from([input]), stdout: into('out'), stderr: into('err') } as unknown as Terminal;
  return { code: await run(args, terminal), ...text };
}
