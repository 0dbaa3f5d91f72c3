/** What the exit code of every command says. A second Ctrl-C or SIGTERM ends any of them at once, with 130 or 143. */
export const EXIT = {
  fine: 0,
  /** Something is exposed (`check`), or the command failed. */
  failed: 1,
  /** The command line, a target or the configuration is wrong; nothing was changed. */
  usage: 2,
  /** It ended in order and did not look at everything: drained after Ctrl-C, or some shards are left. */
  incomplete: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
