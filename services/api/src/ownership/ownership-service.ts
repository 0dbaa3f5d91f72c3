import { setTimeout as pause } from 'node:timers/promises';
import { toError } from '@kubecensus/shared/errors';
import { createService, type Service } from '@kubecensus/shared/lifecycle';
import type pg from 'pg';
import { proveClaims } from './prove-claims.ts';
import type { ReadPage, Resolver } from './prove-range.ts';

export interface OwnershipOptions {
  /** With the writer's powers. */
  pool: pg.Pool;
  resolver: Resolver;
  readPage: ReadPage;
  log: { info(fields: object, line: string): void; warn(fields: object, line: string): void };
  /** Between two looks at what is due. */
  everyMs?: number;
}

const HOUR_MS = 3_600_000;

/** Proves the claims of owners again as they come due. Without a claim it asks nobody anything. */
export function createOwnershipService({ pool, log, everyMs = HOUR_MS, ...world }: OwnershipOptions): Service {
  return createService('the ownership checks', async ({ signal, onClose }) => {
    const checking = (async () => {
      while (!signal.aborted) {
        try {
          for (const { claimId, range, outcome } of await proveClaims(pool, world, { signal })) {
            log.info({ claimId, range, ...outcome }, 'a claim was looked at');
          }
        } catch (caught) {
          log.warn({ err: caught }, `claims could not be looked at: ${toError(caught).message}`);
        }
        await pause(everyMs, undefined, { signal }).catch(() => undefined);
      }
    })();
    onClose('checks', () => checking);
  });
}
