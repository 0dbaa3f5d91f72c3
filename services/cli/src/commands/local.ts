import path from 'node:path';
import { EXIT } from '../exit-codes.ts';
import { judgeListeners, toLocalText } from '../local/judge-listeners.ts';
import { readListeningSockets, readOwners } from '../local/read-sockets.ts';
import { toJsonLine } from '../output/json-line.ts';
import { write } from '../terminal.ts';
import type { DefineCommand } from './define-command.ts';

type Options = { proc: string; json: boolean };

const EXAMPLES = `
Examples:
  sudo kubecensus local
  sudo kubecensus local --json | jq 'select(.isExposed)'
  docker run --rm -v /proc:/host/proc:ro --pid host ... kubecensus local --proc /host/proc

It reads the machine's own tables (Linux: /proc) and sends nothing; kubecensus check looks from outside, and alone sees
what a firewall in between lets through. It ends with 1 where etcd, the kubelet's read-only port, the insecure port 8080,
controller-manager, scheduler or kube-proxy's metrics reach beyond the machine.`;

export const defineLocal: DefineCommand = (command, terminal, exit) => {
  command
    .option('--proc <dir>', "where the machine's /proc is mounted", '/proc')
    .option('--json', 'one JSON object per listener', false)
    .addHelpText('after', EXAMPLES)
    .action(async ({ proc, json }: Options) => {
      const directory = path.resolve(proc);
      const sockets = await readListeningSockets(directory);
      const owners = await readOwners(directory, new Set(sockets.map(({ inode }) => inode)));
      const listeners = judgeListeners(sockets, owners);
      for (const listener of listeners) {
        await write(terminal.stdout, json ? toJsonLine(listener) : toLocalText(listener));
      }
      const exposed = listeners.filter(({ isExposed }) => isExposed).length;
      const say = (line: string) => terminal.stderr.write(`kubecensus: ${line}\n`);
      say(
        `listening ports of Kubernetes: ${listeners.length}; reaching beyond this machine, and should not: ${exposed}`,
      );
      if (owners.hidden > 0) {
        const { hidden } = owners;
        say(`processes whose sockets cannot be seen: ${hidden}; to have them named, ${toHiddenAdvice()}`);
      }
      if (exposed > 0) exit(EXIT.failed);
    });
};

/** Root sees them all, but in a container, which may not look at processes that have more rights than it. */
function toHiddenAdvice(): string {
  if (process.getuid?.() !== 0) return 'run it as root';
  return 'give it the right to trace processes (CAP_SYS_PTRACE), which containers lack';
}
