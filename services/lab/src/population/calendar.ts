import { LabError } from '../lab-error.ts';
import type { LabTransition, LabTruth } from '../truth.ts';
import { advanceWorld } from './advance-world.ts';
import { withCopies } from './copies.ts';
import { type PopulatedEndpoint, toEndpoints } from './endpoints.ts';
import { withEvils } from './evil-hosts.ts';
import { foundWorld } from './found-world.ts';
import type { Layout } from './layout.ts';
import { NOTHING_SEEN } from './nothing-seen.ts';
import { resettle } from './resettle.ts';
import type { World } from './world.ts';

/** Weeks that a lab can be moved through; each takes about three in a hundred of the free addresses. */
export const MAX_WEEK = 104;

/** The population week by week. Any week can be asked for at any time; nothing here listens. */
export interface Calendar {
  endpoints(week: number): readonly PopulatedEndpoint[];
  truth(week: number): LabTruth[];
}

interface Week {
  world: World;
  endpoints: readonly PopulatedEndpoint[];
  /** What a stranger could see at each endpoint: equal text, equal evidence. */
  seen: ReadonlyMap<string, string>;
  /** Every endpoint at which an API server was ever seen, up to and with this week. */
  everSeen: ReadonlySet<string>;
}

function keyOf({ address, port }: { address: string; port: number }): string {
  return `${address}:${port}`;
}

export function createCalendar(options: {
  seed: number;
  hosts: number;
  layout: Layout;
  /** Play kubelets, etcd and the rest on the nodes too. */
  components?: boolean;
  /** Hostile hosts beside the honest ones. */
  evils?: number;
}): Calendar {
  const { seed, hosts, layout } = options;
  const order = layout.order;
  const weeks: Week[] = [];

  function firstWorld(): World {
    const world = foundWorld({ seed, hosts, order });
    const copied = layout.mirrors === null ? world : withCopies(world, { seed, layout, mirrors: layout.mirrors });
    return withEvils(copied, { count: options.evils ?? 0, order });
  }

  function nextWorld(before: World): World {
    const world = advanceWorld(before, { seed, order });
    return layout.mirrors === null ? world : resettle(world, before, { seed, order });
  }

  function toWeek(world: World, before: Week | undefined): Week {
    const endpoints = toEndpoints(world, { seed, layout, components: options.components ?? false });
    const present = endpoints.filter(({ truth }) => truth.present);
    const seen = new Map(present.map((endpoint) => [keyOf(endpoint), JSON.stringify(endpoint.server)]));
    return { world, endpoints, seen, everSeen: new Set([...(before?.everSeen ?? []), ...seen.keys()]) };
  }

  function week(number: number): Week {
    if (!Number.isInteger(number) || number < 1 || number > MAX_WEEK) {
      throw new LabError('LAB_WEEK_INVALID', `a lab has weeks 1 to ${MAX_WEEK}, not ${number}`);
    }
    for (let next = weeks.length + 1; next <= number; next += 1) {
      const before = weeks[next - 2];
      const world = before === undefined ? firstWorld() : nextWorld(before.world);
      weeks.push(toWeek(world, before));
    }
    const found = weeks[number - 1];
    if (found === undefined) throw new RangeError(`week ${number} was not made`);
    return found;
  }

  function transition(endpoint: PopulatedEndpoint, now: Week, before: Week | undefined): LabTransition {
    const key = keyOf(endpoint);
    if (endpoint.truth.component !== null && !endpoint.truth.present) return 'not-reached';
    const earlier = before?.seen.get(key);
    if (earlier !== undefined) return earlier === now.seen.get(key) ? 'unchanged' : 'changed';
    if (before?.everSeen.has(key) === true) return 'reappeared';
    if (endpoint.truth.component !== null || before === undefined) return 'new';
    return before.endpoints.some((entry) => keyOf(entry) === key) ? 'unchanged' : 'new';
  }

  function goneTruth(number: number, now: Week, before: Week): LabTruth[] {
    const here = new Set(now.endpoints.map(keyOf));
    return before.endpoints
      .filter((endpoint) => endpoint.truth.component !== null && !here.has(keyOf(endpoint)))
      .map(({ truth }) => ({
        week: number,
        address: truth.address,
        port: truth.port,
        component: truth.component,
        kind: truth.kind,
        ...NOTHING_SEEN,
        clusterId: truth.clusterId,
        transition: 'gone',
      }));
  }

  return {
    endpoints: (number) => week(number).endpoints,
    truth(number) {
      const now = week(number);
      const before = number === 1 ? undefined : week(number - 1);
      const here = now.endpoints.map(
        (endpoint): LabTruth => ({ week: number, ...endpoint.truth, transition: transition(endpoint, now, before) }),
      );
      return before === undefined ? here : [...here, ...goneTruth(number, now, before)];
    },
  };
}
