import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { toError } from '@kubecensus/shared/errors';
import type { Logger } from '@kubecensus/shared/log';
import type pg from 'pg';
import type { Probing } from './probing/probing.ts';
import type { Operator } from './request-bytes.ts';
import { leaseRate, returnRate } from './store/lease-rate.ts';
import { readScan } from './store/read-scan.ts';

/** How often a part of a scan's rate is asked for anew: probers come and go. */
const RATE_MS = 1_000;
/** While others hold more than their part, which they give up at their own next request. */
const SHORT_RATE_MS = 200;
/** How long a part holds without a word from the database; then this process dials nothing more. */
const RATE_LEASE_MS = 4_000;
/** Scans that stay open in the thread without a shard, for the next one. Each may hold a scope of tens of MB. */
const MAX_IDLE = 2;

export interface OpenScans {
  /** Makes the scan known to the probing thread and keeps its rate. The result lets it go. */
  open(scanId: string): Promise<() => void>;
  /** Gives the parts of the rates back. */
  close(): Promise<void>;
}

interface Entry {
  readonly opened: Promise<void>;
  users: number;
  /** When the part of the rate is to be asked for next. */
  rateDueAt: number;
}

/** Who asks where nobody said so: on loopback and in private networks a contact is not required. */
function toOperator(url: string | undefined): Operator {
  return url === undefined ? { url: 'urn:kubecensus:lab', name: hostname() } : { url, name: new URL(url).hostname };
}

export function createOpenScans(pool: pg.Pool, probing: Probing, log: Pick<Logger, 'warn'>, name: string): OpenScans {
  const entries = new Map<string, Entry>();

  async function tellRate(scanId: string, entry: Entry): Promise<void> {
    const askedAt = performance.now();
    entry.rateDueAt = askedAt + RATE_MS;
    const { perSecond, fairPerSecond, prefixPerSecond } = await leaseRate(pool, scanId, name, RATE_LEASE_MS);
    if (perSecond < fairPerSecond * 0.99) entry.rateDueAt = askedAt + SHORT_RATE_MS;
    probing.setRate(scanId, { perSecond, prefixPerSecond, forMs: RATE_LEASE_MS - (performance.now() - askedAt) });
  }

  async function openOne(scanId: string): Promise<void> {
    const scan = await readScan(pool, scanId);
    assertScope(scanId, scan.scope, scan.scopeHash);
    probing.openScan({
      scanId,
      scope: scan.scope,
      permutationKey: scan.permutationKey,
      operator: toOperator(scan.operatorUrl),
      ...scan.method,
    });
  }

  function closeIdle(): void {
    const idle = [...entries].filter(([, { users }]) => users === 0);
    for (const [scanId] of idle.slice(0, -MAX_IDLE)) {
      entries.delete(scanId);
      probing.closeScan(scanId);
    }
  }

  const timer = setInterval(() => {
    for (const [scanId, entry] of entries) {
      if (entry.users === 0 || entry.rateDueAt > performance.now()) continue;
      tellRate(scanId, entry).catch((caught: unknown) =>
        log.warn(
          { scanId, err: toError(caught) },
          'no part of the rate of a scan; the last one holds until it runs out',
        ),
      );
    }
  }, SHORT_RATE_MS / 2);

  return {
    async open(scanId) {
      const entry = entries.get(scanId) ?? { opened: openOne(scanId), users: 0, rateDueAt: 0 };
      // The one that was used last is the last to go.
      entries.delete(scanId);
      entries.set(scanId, entry);
      entry.users += 1;
      try {
        await entry.opened;
        if (entry.rateDueAt <= performance.now()) await tellRate(scanId, entry);
      } catch (caught) {
        entry.users -= 1;
        if (entries.get(scanId) === entry) entries.delete(scanId);
        throw caught;
      }
      return () => {
        entry.users -= 1;
        closeIdle();
      };
    },
    async close() {
      clearInterval(timer);
      await Promise.all(
        [...entries.keys()].map((scanId) =>
          returnRate(pool, scanId, name).catch((caught: unknown) =>
            log.warn({ scanId, err: toError(caught) }, 'a part of a rate was not given back; it runs out by itself'),
          ),
        ),
      );
    },
  };
}

/** A scope that is not the one that was planned would be probed without anybody's decision. */
function assertScope(scanId: string, body: Buffer, hash: Buffer): void {
  if (createHash('sha256').update(body).digest().equals(hash)) return;
  throw new TypeError(`the stored scope of scan ${scanId} does not match its hash; its row in scan_scopes is damaged`);
}
