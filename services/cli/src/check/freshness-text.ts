import { parseVersion, toFreshness, toStandings } from '@kubecensus/shared/kubernetes';

export type Standing = {
  readonly state: string | null;
  /** Of the vendor's calendar where it is known, else of upstream's. */
  readonly supportEndsOn: string | null;
  readonly daysLeft: number | null;
  /** Of the support that is sold beyond; null where none is. Reports count days past the end from here. */
  readonly extendedDaysLeft: number | null;
  readonly affectedBy: readonly string[];
  /** The number is an affected one, and the vendor also brings fixes to older numbers. */
  readonly backportUnknown: readonly string[];
};

/** How fresh a version is on a day, and which advisories it stands in; undefined where no version is known. */
export function toVersionStanding(
  verdict: { version: string | null; minor: string | null; distribution: string },
  component: string,
  on: Date,
): Standing | undefined {
  if (verdict.minor === null) return undefined;
  const { state, vendor, upstream } = toFreshness(verdict.minor, verdict.distribution, on);
  const support = vendor ?? upstream;
  const version = verdict.version === null ? undefined : parseVersion(verdict.version);
  const standings =
    version === undefined || component !== 'kube-apiserver' ? [] : toStandings(version, verdict.distribution);
  const idsOf = (standing: string) =>
    standings.filter((one) => one.standing === standing).map(({ advisory }) => advisory.id);
  return {
    state: state ?? null,
    supportEndsOn: support?.endsOn ?? null,
    daysLeft: support?.daysLeft ?? null,
    extendedDaysLeft: support?.extendedDaysLeft ?? null,
    affectedBy: idsOf('affected'),
    backportUnknown: idsOf('vendor-backport-unknown'),
  };
}

export function toStandingText(standing: Standing): string[] {
  const { affectedBy, backportUnknown } = standing;
  return [
    ...(standing.state === null ? [] : [`support: ${standing.state}${toEndText(standing)}`]),
    ...(affectedBy.length > 0 ? [`affected by: ${affectedBy.join(', ')}`] : []),
    ...(backportUnknown.length > 0
      ? [`affected by its number, vendor's fix unknown: ${backportUnknown.join(', ')}`]
      : []),
  ];
}

function toEndText({ supportEndsOn, daysLeft, extendedDaysLeft }: Standing): string {
  if (supportEndsOn === null || daysLeft === null) return '';
  const ends = `until ${supportEndsOn}, ${toDaysText(daysLeft)}`;
  if (extendedDaysLeft === null) return ` (${ends})`;
  return ` (${ends}; extended support ${extendedDaysLeft < 0 ? 'ended' : 'ends'} ${toDaysText(extendedDaysLeft)})`;
}

function toDaysText(daysLeft: number): string {
  return daysLeft < 0 ? `${-daysLeft} days ago` : `in ${daysLeft} days`;
}
