/** What a prober whose parent died gets to finish or hand back its shards; the rest comes back by its leases. */
const DRAIN_MS = 5_000;

/**
 * Ends this process with the one that forked it: without its parent nobody reads what it finds, and a second prober of
 * the next run would double the rate.
 */
export function followParent(): void {
  if (process.channel === undefined) return;
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    // The second signal ends the process at once.
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), DRAIN_MS).unref();
  });
  // Alone, an open channel to the parent keeps nobody alive.
  process.channel?.unref();
}
