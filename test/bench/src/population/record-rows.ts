import { createHash } from 'node:crypto';
import { type Plane, type Shown, toAddressText, toCensusDay, toDay } from './simulate.ts';

const API_SERVER_NAMES = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];
/** Bytes of a serving certificate, of an RSA key and a dozen names. */
const DER_BYTES = 1100;
const COUNTRIES = ['US', 'CN', 'DE', 'FR', 'GB', 'SG', 'JP', 'NL', 'IN', 'BR', 'CA', 'KR', 'RU', 'FI', 'PL', 'VN'];
const PROVIDERS = new Map<number, string>([
  [16509, 'aws'],
  [14618, 'aws'],
  [396982, 'google'],
  [15169, 'google'],
  [8075, 'azure'],
  [14061, 'digitalocean'],
]);

/** In the order of what refers to what. */
export const TABLES = [
  {
    name: 'certificates',
    columns:
      'certificate_hash, der, subject, issuer, dns_names, ip_addresses, not_before, not_after, key_type, authority_key_id',
  },
  { name: 'evidence', columns: 'evidence_id, evidence_hash, component, port, outcome, chain, chain_length' },
  {
    name: 'fingerprints',
    columns:
      'evidence_id, rules_version, distribution, confidence, version, minor, exposure, silence, exact_san, answering, reason, rules, could_be',
  },
  {
    name: 'endpoints',
    columns:
      'endpoint_id, address, port, component, outcome, evidence_id, first_seen_at, last_seen_at, last_looked_at, last_scan_id',
  },
  { name: 'sightings', columns: 'series_id, endpoint_id, evidence_id, first_census, last_census, ended, last_on' },
  { name: 'absences', columns: 'series_id, census_number, endpoint_id, reason, absent_on' },
  { name: 'places', columns: 'place_id, asn, as_name, country, provider' },
  { name: 'endpoint_places', columns: 'endpoint_id, series_id, first_census, place_id' },
  { name: 'clusters', columns: 'series_id, cluster_id, first_census' },
  {
    name: 'memberships',
    columns: 'series_id, endpoint_id, first_census, last_census, evidence_id, cluster_id, mark, reason, mirrored',
  },
] as const;
export type RecordTable = (typeof TABLES)[number]['name'];

const NONE = '\\N';

/** Rows of one table in PostgreSQL's text form, of planes in the order in which they are simulated. */
export function* toRows(table: RecordTable, seriesId: number, planes: Iterable<Plane>): Generator<string> {
  const written: Written = { certificate: 0, cluster: 0, networks: new Set() };
  for (const plane of planes) yield* toRowsOfPlane(table, seriesId, plane, written);
}

/** What several planes have in common, and is written with the first of them. */
interface Written {
  certificate: number;
  cluster: number;
  networks: Set<number>;
}

function* toRowsOfPlane(table: RecordTable, seriesId: number, plane: Plane, written: Written): Generator<string> {
  const { kind, cluster, network, endpoints, sightings } = plane;
  const [begin] = sightings;
  if (begin === undefined) return;
  switch (table) {
    case 'certificates':
      for (const { shown } of sightings) {
        if (shown.certificate <= written.certificate) continue;
        written.certificate = shown.certificate;
        yield toCertificateRow(plane, shown);
      }
      return;
    case 'evidence':
      for (const { shown } of sightings) {
        const hash = toHash('evidence', shown.evidence);
        const chain = `{"\\\\\\\\x${toHash('certificate', shown.certificate)}"}`;
        yield [shown.evidence, `\\\\x${hash}`, 'kube-apiserver', kind.port, toVerdict(shown).outcome, chain, 1].join(
          '\t',
        );
      }
      return;
    case 'fingerprints':
      for (const { shown } of sightings) {
        const { version, minor, exposure, silence, exact, answering } = toVerdict(shown);
        yield [shown.evidence, 1, kind.distribution, 'high', version ?? NONE, minor ?? NONE, exposure, silence ?? NONE,
          exact, answering, 'marks', '{certificate-names}', '{}'].join('\t'); // biome-ignore format: one row
      }
      return;
    case 'endpoints': {
      const last = sightings.at(-1) ?? begin;
      const seen = toCensusDay(last.last ?? begin.first);
      for (const [at, { endpoint, address }] of endpoints.entries()) {
        yield [endpoint, toAddressText(address), toPort(plane, at), 'kube-apiserver', 'answered', last.shown.evidence,
          toCensusDay(begin.first), seen, seen, 1].join('\t'); // biome-ignore format: one row
      }
      return;
    }
    case 'sightings':
      for (const { endpoint } of endpoints) {
        for (const { shown, first, last, ended } of sightings) {
          const lastOn = last === undefined ? 'infinity' : toCensusDay(last);
          yield [seriesId, endpoint, shown.evidence, first, last ?? NONE, ended ?? NONE, lastOn].join('\t');
        }
      }
      return;
    case 'absences':
      for (const { endpoint } of endpoints) {
        for (const week of plane.absences)
          yield [seriesId, week, endpoint, 'not-reached', toCensusDay(week)].join('\t');
      }
      return;
    case 'places':
      if (written.networks.has(network)) return;
      written.networks.add(network);
      yield [network, ...toPlace(network).map((part) => part ?? NONE)].join('\t');
      return;
    case 'endpoint_places':
      for (const { endpoint } of endpoints) yield [endpoint, seriesId, begin.first, network].join('\t');
      return;
    case 'clusters':
      if (cluster === written.cluster) return;
      written.cluster = cluster;
      yield [seriesId, `authority:${cluster}`, begin.first].join('\t');
      return;
    case 'memberships': {
      const name = `authority:${cluster}`;
      const end = sightings.at(-1)?.last ?? NONE;
      for (const { endpoint } of endpoints) {
        yield [seriesId, endpoint, begin.first, end, begin.shown.evidence, name, name, 'mark', false].join('\t');
      }
      return;
    }
  }
}

/** What the rules say of what a plane showed. */
export function toVerdict({ version, silence, certificate }: Shown) {
  return {
    outcome: version === undefined ? 'present' : 'answered',
    version,
    minor: version?.slice(1, version.indexOf('.', 3)),
    exposure: version === undefined ? 'silent' : 'says-version',
    silence,
    exact: certificate % 9 !== 0,
    answering: version !== undefined,
  };
}

/** Number, name, country and provider of an autonomous system. */
export function toPlace(network: number): (number | string | undefined)[] {
  return [network, `AS-${network}`, COUNTRIES[network % COUNTRIES.length], PROVIDERS.get(network)];
}

/** Port of one of a plane's endpoints. */
export function toPort({ endpoints, kind }: Plane, at: number): number {
  const isSecond = endpoints.findIndex(({ address }) => address === endpoints[at]?.address) !== at;
  return isSecond ? 8443 : kind.port;
}

function toHash(of: string, number: number): string {
  return createHash('sha256').update(`${of} ${number}`).digest('hex');
}

function toCertificateRow({ kind, cluster }: Plane, { certificate, from, until }: Shown): string {
  const hash = toHash('certificate', certificate);
  const own = toHash('cluster', cluster).slice(0, 20);
  const names = [...API_SERVER_NAMES, ...kind.names.map((name) => name.replace('#', own))];
  const der = hash.repeat(Math.ceil((DER_BYTES * 2) / hash.length)).slice(0, DER_BYTES * 2);
  return [`\\\\x${hash}`, `\\\\x${der}`, 'CN=kube-apiserver', kind.issuer, `{${names.join(',')}}`, '{10.96.0.1}', toDay(from),
    toDay(until), 'RSA-2048', own.slice(0, 16)].join('\t'); // biome-ignore format: one row
}
