import { parseAddress } from '@kubecensus/shared/addresses';
import { readExclusions, toExclusionSet } from '@kubecensus/shared/exclusions';
import { cleanText } from '@kubecensus/shared/text';
import type pg from 'pg';
import { listClaims, updateClaim } from '../queries/range-claims.ts';
import { type Outcome, proveRange, type ReadPage, type Resolver } from './prove-range.ts';

const DAY_MS = 86_400_000;
/** How long a proof holds: a name server that is away for some days takes nothing from an owner. */
export const PROOF_DAYS = 8;
/** Between two looks at one claim. */
export const CHECK_HOURS = 24;

export interface ProvedClaim {
  claimId: number;
  keyId: number;
  range: string;
  outcome: Outcome;
}

/** Looks at the claims that are due (or at all of them), one after the other, and keeps what each came to. */
export async function proveClaims(
  pool: pg.Pool,
  world: { resolver: Resolver; readPage: ReadPage },
  { all = false, signal }: { all?: boolean; signal?: AbortSignal } = {},
): Promise<ProvedClaim[]> {
  const due = await listClaims(pool, all ? undefined : new Date(Date.now() - CHECK_HOURS * 3_600_000));
  const gated = { resolver: world.resolver, readPage: behindExclusions(pool, world.readPage) };
  const proved: ProvedClaim[] = [];
  for (const { claimId, keyId, range, token } of due) {
    if (signal?.aborted === true) break;
    const outcome = await proveRange({ range, token }, gated);
    const came =
      'proof' in outcome
        ? { proof: outcome.proof, until: new Date(Date.now() + PROOF_DAYS * DAY_MS) }
        : { problem: cleanText(outcome.problems.join('; '), 500) };
    await updateClaim(pool, claimId, came);
    proved.push({ claimId, keyId, range, outcome });
  }
  return proved;
}

/** The last gate before a connect, as the prober has one: where nobody may look, no owner's page is asked for either. */
function behindExclusions(pool: pg.Pool, readPage: ReadPage): ReadPage {
  return async (address, path) => {
    const { exclusions, readAt } = await readExclusions(pool);
    if (toExclusionSet(exclusions, readAt).contains(parseAddress(address))) {
      throw new Error(`an exclusion covers ${address}, so nothing is asked of it`);
    }
    return readPage(address, path);
  };
}
