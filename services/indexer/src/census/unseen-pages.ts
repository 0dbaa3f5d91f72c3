import { type AddressSet, matchesExclusion, parseAddress, Scope } from '@kubecensus/shared/addresses';
import type { Queryable } from '@kubecensus/shared/database';
import { selectScope } from '../store/select-scope.ts';
import { selectUnseen } from '../store/select-unseen.ts';
import { readExcludedSince } from './excluded-since.ts';
import { type Absence, judgeUnseen } from './judge-unseen.ts';

/** Endpoints held at once: a census that lost its network would find all of them unseen. */
const PAGE = 10_000;

export interface JudgedEndpoint {
  endpointId: number;
  absence: Absence;
}

/** The endpoints in `unseen`, page by page, each with what can be said of it now. */
export async function* judgedUnseen(
  client: Queryable,
  scan: { scanId: string; scopeHash: Buffer },
  callsGone: boolean,
): AsyncGenerator<JudgedEndpoint[]> {
  let bounds: Bounds | undefined;
  let after = 0;
  for (;;) {
    const page = await selectUnseen(client, scan.scanId, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    bounds ??= await readBounds(client, scan);
    const { scope, exclusions } = bounds;
    yield page.map((unseen) => {
      const address = parseAddress(unseen.address);
      const inScope = scope.space.indexOf({ address, port: unseen.port }) >= 0;
      const excluded = matchesExclusion(exclusions, address);
      return { endpointId: unseen.endpointId, absence: judgeUnseen({ ...unseen, inScope, excluded, callsGone }) };
    });
    if (page.length < PAGE) return;
    after = last.endpointId;
  }
}

interface Bounds {
  scope: Scope;
  exclusions: AddressSet;
}

async function readBounds(client: Queryable, scan: { scanId: string; scopeHash: Buffer }): Promise<Bounds> {
  const exclusions = await readExcludedSince(client, scan.scanId);
  return { scope: Scope.fromBytes(await selectScope(client, scan.scopeHash)), exclusions };
}
