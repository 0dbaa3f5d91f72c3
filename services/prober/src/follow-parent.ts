/** What a prober whose parent died gets to hand back its shards; what is left comes back when its leases run out. */
const HAND_BACK_MS = 5_000;

/**
 * Aborts when the process that forked this one is gone: nobody reads what it finds any more, and together with the
 * probers of the next run it would exceed the rate. Never aborts where nobody forked it.
 */
export function followParent(): AbortSignal {
  const gone = new AbortController();
  if (process.channel === undefined) return gone.signal;
  process.once('disconnect', () => {
    gone.abort();
    setTimeout(() => process.exit(1), HAND_BACK_MS).unref();
  });
  // Alone, an open channel to the parent keeps nobody alive.
  process.channel.unref();
  return gone.signal;
}
