import { spawnSync } from 'node:child_process';

/** Port on which nothing is heard. */
export const SILENT_PORT = 6443;

/** In a network namespace of its own, which nothing leaves: what arrives for the port is thrown away unanswered. */
const SETUP = [
  'ip link set lo up',
  'nft add table inet silent',
  "nft 'add chain inet silent input { type filter hook input priority 0; }'",
  `nft add rule inet silent input tcp dport ${SILENT_PORT} drop`,
].join(' && ');

const UNSHARE = ['-rn', 'sh', '-c'];

/** Words that run a program with all of 127.0.0.0/8 silent, or why this machine cannot. */
export function silently(): { readonly wrap: (program: string, words: readonly string[]) => string[] } | string {
  const tried = spawnSync('unshare', [...UNSHARE, SETUP], { encoding: 'utf8' });
  if (tried.status !== 0) {
    return `needs unshare, ip and nft, and leave to use them: ${(tried.error?.message ?? tried.stderr).trim()}`;
  }
  // After a set-up that failed, nothing is run.
  return { wrap: (program, words) => [...UNSHARE, `${SETUP} && exec "$0" "$@"`, program, ...words] };
}
