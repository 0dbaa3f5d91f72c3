import type { Component } from '../vocabulary/component.ts';
import type { Exposure } from '../vocabulary/exposure.ts';
import {
  API_SERVER_REMEDIES,
  COMPONENT_REMEDIES,
  MANAGED_NODES,
  NODE_SECURITY_GROUP,
  PACKET_FILTER,
  type RemedyLines,
  VERSION_CLOSED,
} from './remedies-table.ts';

/** The endpoint that is to be closed. */
export interface RemedyQuestion {
  readonly component: Component;
  /** As a fingerprint names it. */
  readonly distribution?: string | null | undefined;
  readonly port: number;
  /** What a stranger sees; where that is no more than that it is there, no setting would change it. */
  readonly exposure?: Exposure | null | undefined;
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

function toLines(component: Component, distribution: string): RemedyLines {
  if (component === 'kube-apiserver') {
    const own = Object.hasOwn(API_SERVER_REMEDIES, distribution) ? API_SERVER_REMEDIES[distribution] : undefined;
    return { settings: own === undefined ? VERSION_CLOSED : (own.settings ?? []), reach: own?.reach ?? PACKET_FILTER };
  }
  const { upstream, of = {} } = COMPONENT_REMEDIES[component];
  const own = (Object.hasOwn(of, distribution) ? of[distribution] : undefined) ?? upstream;
  const reach = MANAGED_NODES.has(distribution) ? NODE_SECURITY_GROUP : PACKET_FILTER;
  return { settings: own.settings ?? [], reach: own.reach ?? reach };
}
