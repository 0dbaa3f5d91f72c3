/**
 * How long a bell belongs to a prober that gives no sign of life, and how often others look for it. Short, because a
 * prober that is killed before it has its shard's lease holds up nothing but the bell, and safe, because a bell that
 * is heard twice is spent at the lease. It is renewed by the thread that never probes.
 */
export const BELL_LOCK = { lockMs: 5_000, stalledCheckMs: 1_000 } as const;
