import {
  API_SERVER_REMEDIES,
  COMPONENT_REMEDIES,
  type ComponentRemedies,
  MANAGED_NODES,
  NODE_SECURITY_GROUP,
  PACKET_FILTER,
  type RemedyLines,
  VERSION_CLOSED,
} from './remedies-table.ts';

/** The endpoint that is to be closed. */
export interface RemedyQuestion {
  /** Of the vocabulary; anything else gets the packet filter's lines. */
  readonly component: string;
  /** As a fingerprint names it. */
  readonly distribution?: string | null | undefined;
  readonly port: number;
  /** What a stranger sees; where that is no more than that it is there, no setting would change it. */
  readonly exposure?: string | null | undefined;
}

/** What it keeps to itself or where it listens, and then who may reach it. Both with the endpoint's own port. */
export interface Remedy {
  readonly settings: readonly string[];
  readonly reach: readonly string[];
}

/** How to close an endpoint. Total: there is always at least one line. */
export function toRemedy({ component, distribution, port, exposure }: RemedyQuestion): Remedy {
  const { settings = [], reach = [] } = toLines(component, distribution ?? 'unknown');
  const isSilentApiServer = component === 'kube-apiserver' && (exposure === 'silent' || exposure === 'present');
  const withPort = (line: string) => line.replaceAll('{port}', String(port));
  return {
    settings: isSilentApiServer ? [] : settings.map(withPort),
    reach: reach.map(withPort),
  };
}

/** The same as one list, what to do first at its head. */
export function toRemedyLines(question: RemedyQuestion): readonly string[] {
  const { settings, reach } = toRemedy(question);
  return [...settings, ...reach];
}

function toLines(component: string, distribution: string): RemedyLines {
  if (component === 'kube-apiserver') {
    const own = ownOf(API_SERVER_REMEDIES, distribution);
    return { settings: own === undefined ? VERSION_CLOSED : (own.settings ?? []), reach: own?.reach ?? PACKET_FILTER };
  }
  const { upstream = {}, of = {} } = ownOf<Partial<ComponentRemedies>>(COMPONENT_REMEDIES, component) ?? {};
  const own = ownOf(of, distribution) ?? upstream;
  const reach = MANAGED_NODES.has(distribution) ? NODE_SECURITY_GROUP : PACKET_FILTER;
  return { settings: own.settings ?? [], reach: own.reach ?? reach };
}

/** Names come from the record: `constructor` is none of the table's. */
function ownOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
