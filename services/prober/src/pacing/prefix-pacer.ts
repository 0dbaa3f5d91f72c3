import { formatRange, parseAddress } from '@kubecensus/shared/addresses';
import type { Observation } from '@kubecensus/shared/messages';

/** Pause between two connects into a prefix that asked for less, where no cap says otherwise. */
const BACK_OFF_INTERVAL_MS = 100;
/**
 * Connections in a row that a prefix closed or reset without a word after it had answered others: a firewall that has
 * had enough does that. Who never says a word (every CDN, without a server name) is not complaining.
 */
const RESETS_IN_A_ROW = 4;
/** How long a prefix is spared; each further complaint doubles its pause, and begins the time anew. */
const SPARE_MS = 60_000;
const MAX_FACTOR = 64;
/** Prefixes remembered at a time, about 100 bytes each. Only those that may not be dialled just now matter. */
const MAX_PREFIXES = 100_000;

/** Spaces the connects into one /24 (IPv4) or /48 (IPv6) evenly, and further apart where it complains. */
export interface PrefixPacer {
  /** Milliseconds until this address may be dialled; that moment is then taken, for this call alone. */
  reserve(address: string): number;
  /**
   * Learns from what came of a target: HTTP 429 makes its prefix slower, and under a cap connections that are suddenly
   * closed without a word.
   */
  heed(observation: Observation): void;
  /** Connects per second into one prefix from now on; `undefined`: as many as there are. */
  setPerSecond(perSecond: number | undefined): void;
}

interface Prefix {
  /** The earliest moment for the next connect. */
  freeAt: number;
  hasAnswered: boolean;
  resets: number;
  factor: number;
  sparedUntil: number;
}

/** `warn` hears once of each prefix that is spared. `now` is a monotonic clock in milliseconds. */
export function createPrefixPacer(
  warn: (line: string) => void,
  now: () => number = () => performance.now(),
): PrefixPacer {
  const prefixes = new Map<number, Prefix>();
  let intervalMs = 0;
  let sparedCount = 0;

  function find(key: number): Prefix {
    const known = prefixes.get(key);
    if (known !== undefined) return known;
    if (prefixes.size >= MAX_PREFIXES) forget();
    const never = Number.NEGATIVE_INFINITY;
    const made = { freeAt: never, hasAnswered: false, resets: 0, factor: 1, sparedUntil: never };
    prefixes.set(key, made);
    return made;
  }

  /** Those that hold nobody up any more, whose complaints would only begin to count. */
  function forget(): void {
    const at = now();
    for (const [key, { freeAt, sparedUntil }] of prefixes) {
      if (freeAt <= at && sparedUntil <= at) prefixes.delete(key);
    }
  }

  function spare(prefix: Prefix, address: string, why: string): void {
    const at = now();
    if (prefix.sparedUntil <= at) {
      sparedCount += 1;
      prefix.factor = 1;
      warn(`${prefixText(address)} ${why}; it is dialled more slowly for ${SPARE_MS / 1000} s`);
    }
    prefix.factor = Math.min(MAX_FACTOR, prefix.factor * 2);
    prefix.sparedUntil = at + SPARE_MS;
    prefix.resets = 0;
  }

  return {
    reserve(address) {
      if (intervalMs === 0 && sparedCount === 0) return 0;
      const at = now();
      const key = prefixKey(address);
      const prefix = intervalMs === 0 ? prefixes.get(key) : find(key);
      if (prefix === undefined) return 0;
      const isSpared = prefix.sparedUntil > at;
      const pauseMs = isSpared ? Math.max(intervalMs, BACK_OFF_INTERVAL_MS) * prefix.factor : intervalMs;
      if (pauseMs === 0) return 0;
      const start = Math.max(at, prefix.freeAt);
      prefix.freeAt = start + pauseMs;
      return start - at;
    },
    heed({ address, outcome, evidence }) {
      if (evidence.response?.status === 429) {
        spare(find(prefixKey(address)), address, 'answered 429 (too many requests)');
        return;
      }
      const prefix = prefixes.size === 0 ? undefined : prefixes.get(prefixKey(address));
      if (prefix === undefined || outcome === 'connection-timeout' || outcome === 'excluded') return;
      if (outcome !== 'closed-silently') {
        prefix.hasAnswered = true;
        prefix.resets = 0;
      } else if (prefix.hasAnswered) {
        prefix.resets += 1;
        if (prefix.resets >= RESETS_IN_A_ROW) spare(prefix, address, `closed ${RESETS_IN_A_ROW} connections in a row`);
      }
    },
    setPerSecond(perSecond) {
      intervalMs = perSecond === undefined ? 0 : 1000 / perSecond;
    },
  };
}

const IPV6_KEYS = 2 ** 32;

/** One number for each /24 and each /48. */
function prefixKey(text: string): number {
  const address = parseAddress(text);
  return address.family === 4 ? address.value >>> 8 : IPV6_KEYS + Number(address.value >> 80n);
}

function prefixText(text: string): string {
  const address = parseAddress(text);
  if (address.family === 4) {
    const first = address.value - (address.value % 256);
    return formatRange({ family: 4, first, last: first + 255 });
  }
  const first = (address.value >> 80n) << 80n;
  return formatRange({ family: 6, first, last: first + (1n << 80n) - 1n });
}
