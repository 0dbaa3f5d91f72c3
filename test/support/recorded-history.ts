import { createHash } from 'node:crypto';
import type pg from 'pg';
import { insertScan } from './record.ts';

/** What one evidence showed, as the rules judged it. */
export interface Shown {
  port: number;
  outcome: 'answered' | 'present' | 'look-alike';
  distribution: string;
  confidence: string;
  version: string | null;
  minor: string | null;
  exposure: string;
  silence: string | null;
  exactSan: boolean;
  answering: boolean;
  names: string[];
  subject: string;
  issuer: string;
  notBefore: string;
  notAfter: string;
}

/** Where an address lies. */
export interface Place {
  asn: number | null;
  asName: string | null;
  country: string | null;
  provider: string | null;
}

/** The cluster that an endpoint belongs to. */
export interface Folding {
  cluster: string | null;
  template: string | null;
  mirrored: boolean;
}

/** An endpoint in one census: the truth that answers are held against. */
export interface Member extends Shown, Place, Folding {
  clusterSince: string | null;
  address: string;
  component: string;
  evidence: number;
  firstSeenOn: string;
  asOf: string;
}

/** By census number, from 1; index 0 is empty. */
export type Weeks = Member[][];

export interface HistoryShape {
  addresses: number;
  weeks: number;
  seed: number;
  firstAsOf?: string;
}

const DAY_MS = 86_400_000;

/** Small, seeded, and the same on every machine (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const DISTRIBUTIONS = ['eks', 'gke', 'k3s', 'kubeadm', 'aks', 'unknown'] as const;
const VERSIONS = ['v1.27.3', 'v1.28.11', 'v1.29.1', 'v1.30.0', 'v1.31.4', 'v1.32.0'] as const;
const SUFFIXES: Readonly<Record<string, string>> = { eks: '-eks-508b6b3', gke: '-gke.1200', k3s: '+k3s1' };
const SILENCES = ['unauthorized', 'forbidden', 'client-certificate-required'] as const;
const UNFOLDED: Folding = { cluster: null, template: null, mirrored: false };
const NOWHERE: Place = { asn: null, asName: null, country: null, provider: null };
const PLACES: readonly Place[] = [
  { asn: 16509, asName: 'Amazon.com, Inc.', country: 'US', provider: 'aws' },
  { asn: 16509, asName: 'Amazon.com, Inc.', country: 'DE', provider: 'aws' },
  { asn: 24940, asName: 'Hetzner Online GmbH', country: 'DE', provider: 'hetzner' },
  { asn: 4200000001, asName: 'A "name", with commas', country: null, provider: null },
  { ...NOWHERE, country: 'FR' },
  NOWHERE,
];

/** Writes series, censuses and everything they saw, and gives what each census held. */
export async function insertRecordedHistory(
  pool: pg.Pool,
  seriesId: number,
  shape: HistoryShape,
): Promise<{ weeks: Weeks; endings: Map<string, Map<number, string>> }> {
  const random = createRandom(shape.seed);
  const dates = Array.from({ length: shape.weeks }, (_, week) =>
    new Date(Date.parse(shape.firstAsOf ?? '2026-01-05T00:00:00Z') + week * 7 * DAY_MS).toISOString(),
  );
  const scanIds: string[] = [];
  for (const [week, asOf] of dates.entries()) {
    const scanId = await insertScan(pool, { seriesId, asOf });
    scanIds.push(scanId);
    await pool.query(`UPDATE scans SET state = 'completed', completed_at = now() WHERE scan_id = $1`, [scanId]);
    await pool.query(
      `INSERT INTO censuses (series_id, census_number, scan_id, as_of, started_at, completed_at, method, vantage,
                             target_count, looked_at, outcomes)
       VALUES ($1, $2, $3, $4, $4, $4, '{"version": "test"}', '{}', 1000, 990, '{}')`,
      [seriesId, week + 1, scanId, asOf],
    );
  }
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * random() * of.length)] as T;
  // Of its own, so that what is shown does not depend on where.
  const randomPlace = createRandom(shape.seed + 1);
  const randomFolding = createRandom(shape.seed + 2);
  const clusterSince = new Map<string, string>();
  const evidence: { shown: Shown; id: number }[] = [];
  const show = async (port: number, asOf: string): Promise<{ shown: Shown; id: number }> => {
    // A third of what is shown was shown by others before: evidence is shared.
    const known = evidence.filter(({ shown }) => shown.port === port);
    if (known.length > 3 && random() < 0.33) return pick(known);
    const made = { shown: toShown(random, pick, port, asOf, evidence.length), id: 0 };
    made.id = await insertEvidence(pool, seriesId, made.shown, evidence.length);
    evidence.push(made);
    return made;
  };

  const weeks: Weeks = [[], ...dates.map(() => [])];
  const endings = new Map<string, Map<number, string>>();
  for (let at = 0; at < shape.addresses; at += 1) {
    const address = at % 9 === 8 ? `2001:db8::${at.toString(16)}` : `198.51.${Math.floor(at / 200) % 256}.${at % 200}`;
    const ports = random() < 0.25 ? [443, 6443] : random() < 0.1 ? [443, 6443, 10250] : [random() < 0.6 ? 443 : 6443];
    for (const port of ports) await insertEndpoint(address, port);
  }
  for (const one of weeks.flat()) one.clusterSince = clusterSince.get(one.cluster ?? '') ?? null;
  return { weeks, endings };

  async function insertEndpoint(address: string, port: number): Promise<void> {
    const component = port === 10250 ? 'kubelet' : 'kube-apiserver';
    const born = random() < 0.5 ? 0 : Math.floor(random() * shape.weeks);
    let open: { shown: Shown; id: number } | undefined;
    const sightings: { evidence: number; first: number; last: number | null; ended: string | null }[] = [];
    const absences: number[] = [];
    const ends = new Map<number, string>();
    let gone: string | undefined;
    const first = { on: '' };
    const stays = toStays(randomPlace, born + 1, shape.weeks);
    const foldings = toFoldings(randomFolding, born + 1, shape.weeks);
    for (let week = born + 1; week <= shape.weeks; week += 1) {
      const asOf = dates[week - 1] as string;
      const chance = random();
      if (open === undefined) {
        if (week === born + 1 || chance < 0.4) {
          open = await show(port, asOf);
          sightings.push({ evidence: open.id, first: week, last: null, ended: null });
          if (first.on === '') first.on = asOf.slice(0, 10);
        } else continue;
      } else {
        const current = sightings.at(-1);
        if (current === undefined) throw new Error('an open endpoint has a sighting');
        if (chance < 0.08) {
          gone = chance < 0.05 ? 'gone' : chance < 0.065 ? 'excluded' : 'out-of-scope';
          current.last = week - 1;
          current.ended = gone;
          ends.set(week, gone);
          open = undefined;
          continue;
        }
        if (chance < 0.14) {
          absences.push(week);
          ends.set(week, 'not-reached');
          continue;
        }
        if (chance < 0.28) {
          const next = await show(port, asOf);
          if (next.id !== open.id) {
            current.last = week - 1;
            current.ended = 'changed';
            sightings.push({ evidence: next.id, first: week, last: null, ended: null });
            open = next;
          }
        }
      }
      const place = stays.findLast(({ since }) => since <= week)?.place ?? NOWHERE;
      weeks[week]?.push({
        ...open.shown,
        ...place,
        ...(foldings.findLast(({ since }) => since <= week)?.folding ?? UNFOLDED),
        clusterSince: null,
        address,
        component,
        evidence: open.id,
        firstSeenOn: first.on,
        asOf,
      });
    }
    if (sightings.length === 0) return;
    endings.set(`${address} ${port}`, ends);
    const { rows } = await pool.query<{ endpoint_id: number }>(
      `INSERT INTO endpoints (address, port, component, outcome, evidence_id, first_seen_at, last_seen_at, last_looked_at, last_scan_id)
       SELECT $1, $2, $3, evidence.outcome, evidence_id, $4, $5, $5, $6 FROM evidence WHERE evidence_id = $7
       RETURNING endpoint_id`,
      [address, port, component, `${first.on}T00:00:00Z`, dates.at(-1), scanIds.at(-1), sightings.at(-1)?.evidence],
    );
    const endpointId = rows[0]?.endpoint_id;
    for (const { evidence: id, first: begun, last, ended } of sightings) {
      await pool.query(
        `INSERT INTO sightings (series_id, endpoint_id, evidence_id, first_census, last_census, ended, last_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [seriesId, endpointId, id, begun, last, ended, last === null ? 'infinity' : dates[last - 1]?.slice(0, 10)],
      );
    }
    for (const { since, place } of stays) await insertPlace(pool, seriesId, endpointId, since, place);
    for (const [at, { since, folding }] of foldings.entries()) {
      const [shownFirst] = sightings;
      const until = foldings[at + 1]?.since;
      await insertMembership(pool, seriesId, { endpointId, since, until, folding, evidence: shownFirst?.evidence });
      const bornOn = evidence.find(({ id }) => id === shownFirst?.evidence)?.shown.notBefore.slice(0, 10);
      if (folding.cluster === null || bornOn === undefined) continue;
      const known = clusterSince.get(folding.cluster);
      if (known === undefined || bornOn < known) clusterSince.set(folding.cluster, bornOn);
    }
    for (const week of absences) {
      await pool.query(
        `INSERT INTO absences (series_id, census_number, endpoint_id, reason, absent_on) VALUES ($1, $2, $3, 'not-reached', $4)`,
        [seriesId, week, endpointId, dates[week - 1]?.slice(0, 10)],
      );
    }
  }
}

interface Stay {
  since: number;
  place: Place;
}

/** Most stay where they are; some move once or twice, and some are looked up late. */
function toStays(random: () => number, born: number, weeks: number): Stay[] {
  const stays: Stay[] = [];
  for (let week = random() < 0.8 ? born : born + 1; week <= weeks; week += 1 + Math.floor(random() * 12)) {
    stays.push({ since: week, place: PLACES[Math.floor(random() * PLACES.length)] ?? NOWHERE });
  }
  return stays;
}

/** Clusters of a few endpoints, that change hands now and then; some endpoints have none, some are a mirror's. */
function toFoldings(random: () => number, born: number, weeks: number): { since: number; folding: Folding }[] {
  const foldings: { since: number; folding: Folding }[] = [];
  for (let week = random() < 0.9 ? born : born + 1; week <= weeks; week += 1 + Math.floor(random() * 12)) {
    const chance = random();
    const cluster = chance < 0.75 ? `eks:${Math.floor(random() * random() * 60)}` : null;
    const template = cluster === null && chance < 0.9 ? `authority:${Math.floor(random() * 3)}` : null;
    foldings.push({ since: week, folding: { cluster, template, mirrored: random() < 0.04 } });
  }
  return foldings;
}

async function insertMembership(
  pool: pg.Pool,
  seriesId: number,
  of: {
    endpointId: number | undefined;
    since: number;
    until: number | undefined;
    folding: Folding;
    evidence: number | undefined;
  },
): Promise<void> {
  const { cluster, template, mirrored } = of.folding;
  await pool.query(
    `INSERT INTO memberships (series_id, endpoint_id, first_census, last_census, evidence_id, possession, cluster_id, mark,
                              reason, mirrored)
     VALUES ($1, $2, $3, $4, $5, 'proved', $6, COALESCE($6, $7),
             CASE WHEN $6 IS NOT NULL THEN 'mark' WHEN $7 IS NOT NULL THEN 'template' ELSE 'not-proved' END, $8)`,
    [
      seriesId,
      of.endpointId,
      of.since,
      of.until === undefined ? null : of.until - 1,
      of.evidence,
      cluster,
      template,
      mirrored,
    ],
  );
}

async function insertPlace(
  pool: pg.Pool,
  seriesId: number,
  endpointId: number | undefined,
  since: number,
  place: Place,
): Promise<void> {
  await pool.query(
    `WITH made AS (
       INSERT INTO places (asn, as_name, country, provider) VALUES ($1, $2, $3, $4)
       ON CONFLICT (asn, as_name, country, provider) DO UPDATE SET asn = excluded.asn RETURNING place_id
     )
     INSERT INTO endpoint_places (endpoint_id, series_id, first_census, place_id)
     SELECT $5, $6, $7, place_id FROM made`,
    [place.asn, place.asName, place.country, place.provider, endpointId, seriesId, since],
  );
}

function toShown(
  random: () => number,
  pick: <T>(of: readonly T[]) => T,
  port: number,
  asOf: string,
  number: number,
): Shown {
  const distribution = pick(DISTRIBUTIONS);
  const answering = port !== 10250 && random() < 0.6;
  const version = answering ? `${pick(VERSIONS)}${SUFFIXES[distribution] ?? ''}` : null;
  const lookAlike = random() < 0.05;
  const silence = answering || lookAlike ? null : pick(SILENCES);
  const since = Date.parse(asOf) - Math.floor(random() * 400) * DAY_MS;
  return {
    port,
    outcome: lookAlike ? 'look-alike' : answering ? 'answered' : 'present',
    distribution,
    confidence: pick(['high', 'certain', 'low']),
    version,
    minor: version === null ? null : version.slice(1, 5),
    exposure: answering ? 'says-version' : lookAlike ? 'present' : 'silent',
    silence,
    exactSan: random() < 0.7,
    answering,
    names: [
      'kubernetes',
      `node${number % 17}.cluster${number % 5}.internal`,
      ...(number % 3 ? ['api.example.org'] : []),
    ],
    subject: `CN=kube-apiserver-${number % 7}`,
    issuer: number % 4 === 0 ? 'CN=kubernetes' : `CN=k3s-server-ca@${number}`,
    notBefore: new Date(since).toISOString(),
    notAfter: new Date(since + 365 * DAY_MS).toISOString(),
  };
}

async function insertEvidence(pool: pg.Pool, seriesId: number, shown: Shown, number: number): Promise<number> {
  const hash = createHash('sha256').update(`${seriesId} ${number}`).digest();
  await pool.query(
    `INSERT INTO certificates (certificate_hash, der, subject, issuer, dns_names, not_before, not_after)
     VALUES ($1, '', $2, $3, $4, $5, $6)`,
    [hash, shown.subject, shown.issuer, shown.names, shown.notBefore, shown.notAfter],
  );
  const { rows } = await pool.query<{ evidence_id: number }>(
    `INSERT INTO evidence (evidence_hash, component, port, outcome, chain, chain_length)
     VALUES ($1::bytea, $2, $3, $4, ARRAY[$1::bytea], 1) RETURNING evidence_id`,
    [hash, shown.port === 10250 ? 'kubelet' : 'kube-apiserver', shown.port, shown.outcome],
  );
  const evidenceId = rows[0]?.evidence_id ?? 0;
  await pool.query(
    `INSERT INTO evidence_marks (evidence_id, marks_version, born_at, born_by)
     VALUES ($1, 1, $2, 'kubeadm-certificate')`,
    [evidenceId, shown.notBefore],
  );
  await pool.query(
    `INSERT INTO fingerprints (evidence_id, rules_version, distribution, confidence, version, minor, exposure, silence,
                               exact_san, answering, reason, rules, could_be)
     VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, 'marks', '{}', '{}')`,
    [
      evidenceId,
      shown.distribution,
      shown.confidence,
      shown.version,
      shown.minor,
      shown.exposure,
      shown.silence,
      shown.exactSan,
      shown.answering,
    ],
  );
  return evidenceId;
}
