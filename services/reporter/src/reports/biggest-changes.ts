import type { Trend } from '@kubecensus/shared/history';

/** The largest changes of the last census against the one before, over all lines of all splits, as sentences. */
export function toBiggestChanges(splits: readonly { by: string; trend: Trend }[], limit: number): string[] {
  const changes = splits.flatMap(({ by, trend }) =>
    trend.lines.flatMap(({ key, counts }) => {
      const [before = 0, now = 0] = counts.slice(-2);
      const value = key[by] ?? null;
      return value === null || before === now ? [] : [{ what: toPhrase(by, String(value)), before, now }];
    }),
  );
  return changes
    .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before) || (a.what < b.what ? -1 : 1))
    .slice(0, limit)
    .map(({ what, before, now }) => toSentence(what, before, now));
}

const PHRASES: Readonly<Record<string, (value: string) => string>> = {
  distribution: (value) => `of the distribution ${value}`,
  minor: (value) => `of Kubernetes ${value}`,
  support: (value) =>
    `whose version is ${value === 'end-of-life' ? 'past its end of support' : `in its time of support: ${value}`}`,
  exposure: (value) => `whose exposure is ${value}`,
  country: (value) => `in ${value}`,
  provider: (value) => `at ${value}`,
};

function toPhrase(by: string, value: string): string {
  return PHRASES[by]?.(value) ?? `of ${by} ${value}`;
}

function toSentence(what: string, before: number, now: number): string {
  if (before === 0) return `Endpoints ${what} are new this week: ${toNumber(now)}.`;
  if (now === 0) return `Endpoints ${what} are no longer seen: ${toNumber(before)} a week ago.`;
  const share = ((now - before) / before) * 100;
  const verb = now > before ? 'rose' : 'fell';
  return `Endpoints ${what} ${verb} from ${toNumber(before)} to ${toNumber(now)} (${toSigned(now - before)}, ${share > 0 ? '+' : ''}${share.toFixed(1)} %).`;
}

/** 1234567 -> 1,234,567, whatever the locale of the machine. */
export function toNumber(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function toSigned(number: number): string {
  return number > 0 ? `+${toNumber(number)}` : number < 0 ? `-${toNumber(-number)}` : '0';
}
