import type { CensusQuality } from './census-quality.ts';

/** A share of time below this is the ordinary life of a machine. */
const STARVED_FROM = 0.001;

export type Loss = Pick<CensusQuality, 'connects' | 'packetsLost' | 'targetsLost'>;

/** What stands beside every count: `at least 1.8 % of packets lost`, or that it is not measured. */
export function toLossText({ connects, packetsLost, targetsLost }: Loss): string {
  if (packetsLost === null) return 'loss not measured';
  const targets = targetsLost ?? 0;
  if (packetsLost === 0 && targets === 0) return `no loss seen in ${connects?.toLocaleString('en') ?? 'its'} connects`;
  if (packetsLost === 0) return `at least ${toShareText(targets)} of what answers lost, in bursts`;
  const lost = `at least ${toShareText(packetsLost)} of packets lost`;
  return targets < 0.0001 ? lost : `${lost}, and with them ${toShareText(targets)} of what answers`;
}

/** Loss, canary recall and starvation, as one line without its end. */
export function toQualityText(quality: CensusQuality & { callsGone?: boolean; withheld?: number }): string {
  const { canaryRecall, canaryLooks, canaryHits, starved, longestLagMs, callsGone = true, withheld = 0 } = quality;
  const parts = [
    toLossText(quality),
    canaryRecall === null
      ? 'canary recall not measured'
      : `canary recall ${toShareText(canaryRecall)} (${canaryHits} of ${canaryLooks} looks)`,
  ];
  if (starved !== null && starved >= STARVED_FROM) {
    parts.push(`the prober heard answers late in ${toShareText(starved)} of its time, up to ${longestLagMs} ms`);
  }
  if (!callsGone) parts.push(`so low that nothing is called gone: ${withheld} endpoints count as not reached instead`);
  return parts.join('; ');
}

/** 0.018 -> "1.8 %"; three figures at most, and never "0 %" of something that is not nothing. */
export function toShareText(share: number): string {
  const percent = share * 100;
  if (percent === 0 || percent >= 100) return `${percent} %`;
  if (percent < 0.01) return 'less than 0.01 %';
  return `${Number(percent.toPrecision(percent >= 99 ? 4 : 2))} %`;
}
