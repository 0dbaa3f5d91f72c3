import type { EndpointCluster, EndpointRecord } from '@kubecensus/api';
import { formatTarget, parseAddress } from '@kubecensus/shared/addresses';
import { toRemedyLines } from '@kubecensus/shared/kubernetes';
import type { Place } from '@kubecensus/shared/place';
import { toClusterLines } from '../output/cluster-text.ts';
import { toPlaceText } from '../owners/place-text.ts';
import { type Standing, toStandingText, toVersionStanding } from './freshness-text.ts';
import type { Vantage } from './source-address.ts';

/** What one target shows to a stranger, for the one who owns it. */
export type CheckedTarget = {
  readonly target: string;
  readonly component: string;
  /** From the closed list of outcomes. */
  readonly outcome: string;
  readonly isExposed: boolean;
  readonly exposure: string | null;
  readonly silence: string | null;
  readonly distribution: string | null;
  readonly confidence: string | null;
  readonly version: string | null;
  /** Where the version is closed: the minors that fit the first flight. */
  readonly minorBetween: readonly [string | null, string | null] | null;
  readonly since: string | null;
  /** Where its address lies, by the tables in force now. */
  readonly place: Place;
  readonly standing: Standing | null;
  /** As of the last census that saw it; empty where none did. */
  readonly clusters: readonly EndpointCluster[];
  readonly close: readonly string[];
};

/** Exposures that let a check end with 1. */
const EXPOSED = new Set(['says-version', 'open']);

/** Components that were found; other outcomes say that nothing of Kubernetes was. */
export function isFound({ outcome, verdict }: EndpointRecord): boolean {
  return verdict !== null && (outcome === 'answered' || outcome === 'present');
}

export function toCheckedTarget(record: EndpointRecord, now: Date, place: Place): CheckedTarget {
  const { component, outcome, firstSeenAt } = record;
  const target = formatTarget(parseAddress(record.address), record.port);
  const verdict = isFound(record) ? record.verdict : null;
  const exposure = verdict?.exposure ?? null;
  const isBracketed = verdict !== null && verdict.minor === null && (verdict.minorLow ?? verdict.minorHigh) !== null;
  return {
    target,
    component,
    outcome,
    isExposed: exposure !== null && EXPOSED.has(exposure),
    exposure,
    silence: verdict?.silence ?? null,
    distribution: verdict?.distribution ?? null,
    confidence: verdict?.confidence ?? null,
    version: verdict?.version ?? null,
    minorBetween: isBracketed ? [verdict.minorLow, verdict.minorHigh] : null,
    place,
    since: verdict === null ? null : (firstSeenAt?.toISOString() ?? null),
    standing: verdict === null ? null : (toVersionStanding(verdict, component, now) ?? null),
    clusters: verdict === null ? [] : record.clusters,
    close:
      verdict === null
        ? []
        : toRemedyLines({ component, distribution: verdict.distribution, port: record.port, exposure }),
  };
}

const SEEN: Readonly<Record<string, string>> = {
  open: 'answers anybody what should need authentication',
  'says-version': 'tells its exact version to anybody',
  silent: 'can be reached, and refuses strangers',
  present: 'can be reached; its certificate or its client CAs are visible',
};

export function toCheckText(checked: CheckedTarget): string {
  const { target, component, outcome, exposure, silence, distribution, confidence, version, minorBetween } = checked;
  if (exposure === null) return `${target}  nothing of Kubernetes (${outcome})\n`;
  const mark = checked.isExposed ? 'EXPOSED' : 'reachable';
  const bracket = minorBetween === null ? undefined : `between ${minorBetween[0] ?? '?'} and ${minorBetween[1] ?? '?'}`;
  const what = [
    `seen: ${SEEN[exposure] ?? exposure}${silence === null ? '' : ` (${silence})`}`,
    `distribution: ${distribution ?? 'unknown'} (${confidence} confidence)`,
    `version: ${version ?? bracket ?? 'not told'}`,
    ...(checked.since === null ? [] : [`since: ${checked.since.slice(0, 10)} (first seen by this record)`]),
    ...(toPlaceText(checked.place) === undefined ? [] : [`where: ${toPlaceText(checked.place)}`]),
    ...(checked.standing === null ? [] : toStandingText(checked.standing)),
    ...toClusterLines(checked.clusters),
    ...checked.close.map((line, index) => `${index === 0 ? 'close:' : '      '} ${line}`),
  ];
  return `${target}  ${component}  ${mark}\n${what.map((line) => `  ${line}\n`).join('')}`;
}

/** From where it was looked, and what that may hide. One line for each different vantage. */
export function toVantageText(vantages: ReadonlyMap<string, Vantage>): string[] {
  const lines = new Set<string>();
  for (const { source, inside } of vantages.values()) {
    const from = `looked from ${source ?? 'an address that this machine does not tell'}`;
    const warning = "this is no stranger's view: look again from outside before you rely on it";
    lines.add(inside === undefined ? from : `${from}; ${inside}, so ${warning}`);
  }
  return [...lines];
}
