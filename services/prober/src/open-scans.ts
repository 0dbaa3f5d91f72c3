import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { toError } from '@kubecensus/shared/errors';
import type { Logger } from '@kubecensus/shared/log';
import type pg from 'pg';
import type { Probing } from './probing/probing.ts';
import type { Operator } from './request-bytes.ts';
import { readRateShare } from './store/read-rate.ts';
import { readScan } from './store/read-scan.ts';

/** How often the shares of a scan's rate are told anew: probers come and go. */
const RATE_MS = 1_000;
/** Scans that stay open in the thread without a shard, for the next one. Each may hold a scope of tens of MB. */
const MAX_IDLE = 2;

export interface OpenScans {
  /** Makes the scan known to the probing thread and keeps its rate. The result lets it go. */
  open(scanId: string): Promise<() => void>;
  close(): void;
}

interface Entry {
  readonly opened: Promise<void>;
  users: number;
}

/** Who asks where nobody said so: on loopback and in private networks a contact is not required. */
function toOperator(url: string | undefined): Operator {
  return url === undefined ? { url: 'urn:kubecensus:lab', name: hostname() } : { url, name: new URL(url).hostname };
}

export function createOpenScans(pool: pg.Pool, probing: Probing, log: Pick<Logger, 'warn'>, name: string): OpenScans {
  const entries = new Map<string, Entry>();

  async function tellRate(scanId: string): Promise<void> {
    probing.setRate(scanId, await readRateShare(pool, scanId, name));
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
    await tellRate(scanId);
  }

  function closeIdle(): void {
    const idle = [...entries].filter(([, { users }]) => users === 0);
    for (const [scanId] of idle.slice(0, -MAX_IDLE)) {
      entries.delete(scanId);
      probing.closeScan(scanId);
    }
  }

  const timer = setInterval(() => {
    for (const [scanId, { users }] of entries) {
      if (users === 0) continue;
      tellRate(scanId).catch((caught: unknown) =>
        log.warn({ scanId, err: toError(caught) }, 'the rate of a scan could not be read; the last one holds'),
      );
    }
  }, RATE_MS);

  return {
    async open(scanId) {
      const entry = entries.get(scanId) ?? { opened: openOne(scanId), users: 0 };
      // The one that was used last is the last to go.
      entries.delete(scanId);
      entries.set(scanId, entry);
      entry.users += 1;
      try {
        await entry.opened;
      } catch (caught) {
        if (entries.get(scanId) === entry) entries.delete(scanId);
        throw caught;
      }
      return () => {
        entry.users -= 1;
        closeIdle();
      };
    },
    close: () => clearInterval(timer),
  };
}

/** A scope that is not the one that was planned would be probed without anybody's decision. */
function assertScope(scanId: string, body: Buffer, hash: Buffer): void {
  if (createHash('sha256').update(body).digest().equals(hash)) return;
  throw new TypeError(`the stored scope of scan ${scanId} does not match its hash; its row in scan_scopes is damaged`);
}
