import type { LabTruth } from '../../services/lab/src/index.ts';
import { countHistory, type PublishedSeries, parseQuery, trendHistory, UNITS } from '../../shared/src/history/index.ts';
import { select } from './naive-query.ts';
import type { Member, Weeks } from './recorded-history.ts';

/** What the lab knows of an endpoint; nothing of it comes from the record. */
const UNKNOWN = {
  asn: null,
  asName: null,
  country: null,
  provider: null,
  cluster: null,
  clusterSince: null,
  template: null,
  names: [],
  subject: '',
  issuer: '',
  notBefore: '',
  notAfter: '',
  confidence: '',
  evidence: 0,
} as const;

/** The API servers of each week as a query sees them, from what is true in the lab. */
export function toMembers(truths: readonly (readonly LabTruth[])[], toAsOf: (week: number) => Date): Weeks {
  const firstSeen = new Map<string, string>();
  return truths.map((ofWeek, week) => {
    const asOf = toAsOf(week).toISOString();
    return ofWeek
      .filter(({ present, component }) => present && component === 'kube-apiserver')
      .map((truth): Member => {
        const key = `${truth.address}:${truth.port}`;
        const firstSeenOn = firstSeen.get(key) ?? asOf.slice(0, 10);
        firstSeen.set(key, firstSeenOn);
        return {
          ...UNKNOWN,
          names: [],
          address: truth.address,
          port: truth.port,
          component: 'kube-apiserver',
          outcome: truth.answering ? 'answered' : 'present',
          distribution: truth.distribution ?? 'unknown',
          version: truth.gitVersion,
          minor: truth.minor,
          exposure: truth.exposure ?? '',
          silence: truth.silence,
          exactSan: truth.exactSan,
          answering: truth.answering,
          mirrored: truth.mirrored === true,
          firstSeenOn,
          asOf,
        };
      });
  });
}

/** Fields that the lab has the truth of, and how a value of each is written in a query. */
const TERMS: readonly ((one: Member) => string | undefined)[] = [
  ({ address }) => `ip:${address}`,
  ({ address }) => `ip:${address.replace(/\d+$/, (last) => String(Number(last) & 240))}/28`,
  ({ port }) => `port:${port}`,
  ({ port }) => `port>=${port}`,
  ({ distribution }) => `distribution:${distribution}`,
  ({ version }) => (version === null ? undefined : `version:"${version}"`),
  ({ minor }) => (minor === null ? undefined : `version<${minor}`),
  ({ minor }) => (minor === null ? undefined : `minor:${minor}..`),
  ({ exposure }) => `exposure:${exposure}`,
  ({ silence }) => (silence === null ? 'silence:*' : `silence:${silence}`),
  ({ answering }) => `answering:${answering ? 'yes' : 'no'}`,
  ({ exactSan }) => `san.exact:${exactSan ? 'yes' : 'no'}`,
  ({ mirrored }) => `mirrored:${mirrored ? 'yes' : 'no'}`,
  ({ firstSeenOn }) => `first_seen>${firstSeenOn}`,
  () => 'eol:yes',
  () => 'support:supported',
];

function writeTerm(random: () => number, members: readonly Member[]): string {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const term = pick(TERMS)(pick(members)) ?? 'minor:*';
  return random() < 0.2 ? `not ${term}` : term;
}

function writeQuery(random: () => number, members: readonly Member[], depth = 2): string {
  if (depth === 0 || random() < 0.4) return writeTerm(random, members);
  const [one, other] = [writeQuery(random, members, depth - 1), writeQuery(random, members, depth - 1)];
  return `(${one}${random() < 0.5 ? ' or ' : ' '}${other})`;
}

/** One answer and what the lab says, with the question: they are to be equal. */
export interface HeldAnswer {
  question: unknown[];
  answer: unknown;
  truth: unknown;
}

/** Random questions about endpoints and hosts, counted in one census and in all of them, week 1 the first. */
export async function* holdAnswers(
  series: PublishedSeries,
  weeks: Weeks,
  questions: number,
  random: () => number,
): AsyncGenerator<HeldAnswer> {
  const everyone = weeks.flat();
  const units = UNITS.filter((unit) => unit !== 'cluster');
  for (let round = 0; round < questions; round += 1) {
    const text = writeQuery(random, everyone);
    const query = parseQuery(text);
    const unit = units[Math.floor(random() * units.length)] ?? 'endpoint';
    const size = (members: readonly Member[]) =>
      unit === 'host' ? new Set(members.map(({ address }) => address)).size : members.length;
    const truths = weeks.slice(1).map((members) => size(select(query, members)));
    const census = 1 + Math.floor(random() * truths.length);
    const { total } = await countHistory(series, { query, unit, census });
    yield { question: [text, unit, census], answer: total, truth: truths[census - 1] };
    if (round % 5 > 0) continue;
    const trend = await trendHistory(series, { query, unit });
    yield { question: [text, unit], answer: trend.total, truth: truths };
  }
}
