import type { EndpointRecord, EndpointSighting } from '@kubecensus/api';
import { formatTarget, parseAddress } from '@kubecensus/shared/addresses';
import { toRemedyLines } from '@kubecensus/shared/kubernetes';
import { cleanText } from '@kubecensus/shared/text';
import { toStandingText, toVersionStanding } from '../check/freshness-text.ts';
import { toClusterLines } from '../output/cluster-text.ts';
import { toPlaceText } from './place-text.ts';

/** Names of one certificate that are shown; how many there are is told. */
const MAX_NAMES = 12;
const MAX_BODY = 400;
const day = (instant: Date | string | null) => (instant === null ? '?' : new Date(instant).toISOString().slice(0, 10));

/** Everything that the record holds of one endpoint, and why it says so. */
export function toExplainText(record: EndpointRecord, now: Date): string {
  const { address, port, component, outcome, outcomeReason, verdict } = record;
  const lines = [
    `last look: ${record.lookedAt.toISOString()}, ${outcome}${outcomeReason === null ? '' : ` (${outcomeReason})`}, scan ${record.lastScanId}`,
    `first seen ${day(record.firstSeenAt)}, last seen ${day(record.lastSeenAt)}`,
    toWhereLine(record),
  ];
  if (verdict !== null) {
    const { distribution, confidence, version, minorLow, minorHigh, exposure, silence } = verdict;
    const bracket = minorLow === null && minorHigh === null ? 'not told' : `${minorLow ?? '?'} to ${minorHigh ?? '?'}`;
    const standing = toVersionStanding(verdict, component, now);
    lines.push(
      `verdict: ${distribution}, ${confidence} confidence, because: ${verdict.reason} (rules ${verdict.rulesVersion})`,
      `rules that held: ${verdict.rules.join(', ') || 'none'}`,
      ...(verdict.couldBe.length > 0 ? [`could also be: ${verdict.couldBe.join(', ')}`] : []),
      ...verdict.contradictions.map(
        ({ rules, distribution: other }) =>
          `against it: ${rules.join(', ')}${other === undefined ? '' : `, which speak for ${other}`}`,
      ),
      `version: ${version ?? bracket}`,
      `exposure: ${exposure}${silence === null ? '' : ` (${silence})`}`,
      ...(standing === undefined ? [] : toStandingText(standing)),
      ...toRemedyLines({ component, distribution, port, exposure }).map((line) => `close: ${line}`),
    );
  }
  lines.push(...toClusterLines(record.clusters), ...toEvidenceLines(record));
  for (const sighting of record.sightings) lines.push(toSightingLine(sighting));
  if (record.sightings.length === 0) lines.push('sightings: none; only checks or ad-hoc scans have seen it');
  return `${formatTarget(parseAddress(address), port)}  ${component}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function toWhereLine({ place }: EndpointRecord): string {
  if (place === null) return 'where: no census has looked it up';
  return `where: ${toPlaceText(place) ?? 'not known'}, by the tables of the census of ${day(place.since)}`;
}

function toEvidenceLines({ evidence }: EndpointRecord): string[] {
  if (evidence === null) return ['evidence: none'];
  const { certificates, clientCas, response, tlsVersion } = evidence;
  const lines = [`evidence: ${evidence.hash}`];
  if (tlsVersion !== null) lines.push(`first flight: ${tlsVersion}`);
  for (const [
    place,
    { subject, issuer, dnsNames, ipAddresses, notBefore, notAfter, keyType },
  ] of certificates.entries()) {
    const names = [...dnsNames, ...ipAddresses];
    const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
    lines.push(
      `certificate ${place + 1} of ${evidence.chainLength}: ${subject || '-'}, by ${issuer || '-'}, ${keyType ?? '?'}, ${day(notBefore)} to ${day(notAfter)}`,
      ...(names.length > 0 ? [`  names: ${names.slice(0, MAX_NAMES).join(', ')}${more}`] : []),
    );
  }
  if (clientCas !== null) lines.push(`client CAs it asks for: ${clientCas.join('; ') || 'names nobody'}`);
  if (response !== null) {
    const body = Buffer.from(response.bodyBase64, 'base64').toString('utf8').replace(/\s+/g, ' ');
    lines.push(`answer: ${response.status} ${cleanText(body, MAX_BODY)}`);
  }
  return lines;
}

function toSightingLine({
  series,
  firstCensus,
  lastCensus,
  ended,
  firstAsOf,
  lastAsOf,
  ...what
}: EndpointSighting): string {
  const until = lastCensus === null ? `on, last ${day(lastAsOf)}` : `${lastCensus} (${day(lastAsOf)}), then ${ended}`;
  const missed = what.notReached.length > 0 ? `; not reached in ${what.notReached.join(', ')}` : '';
  return `sighting: series ${series}, census ${firstCensus} (${day(firstAsOf)}) to ${until}: ${what.distribution ?? '?'} ${what.version ?? ''} ${what.exposure ?? ''}${missed}`;
}
