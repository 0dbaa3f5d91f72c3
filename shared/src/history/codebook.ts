import { ASPECT_NAMES, ASPECTS, toAspectColumn } from './spans/aspects.ts';

/** One column of a published file, as its readers are told of it. */
export interface Column {
  readonly name: string;
  /** A type of the Frictionless Table Schema. */
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'array';
  readonly meaning: string;
}

/** The tables of a published history. */
export const TABLES = ['censuses', 'endpoints', 'hosts', 'clusters'] as const;
export type Table = (typeof TABLES)[number];

export const TABLE_TITLES: Readonly<Record<Table, string>> = {
  censuses: 'The censuses of the series, with what each of them could see',
  endpoints:
    'Intervals of censuses over which an endpoint (address, port, component) was seen and everything below held',
  hosts: 'Intervals of censuses over which an address had the same endpoints; look-alikes and mirrors are left out',
  clusters: 'Intervals of censuses over which a cluster had the same endpoints; mirrors are left out',
};

const INTERVAL: readonly Column[] = [
  { name: 'first_census', type: 'integer', meaning: 'first census of the interval' },
  { name: 'last_census', type: 'integer', meaning: 'last census of the interval, inclusive' },
];

const ADDRESS: readonly Column[] = [
  { name: 'address', type: 'string', meaning: 'IPv4 or IPv6 address' },
  {
    name: 'address_key',
    type: 'string',
    meaning: 'family (4 or 6) and the address in hexadecimal: sorts as addresses do, IPv4 first',
  },
];

const ENDPOINT: readonly Column[] = [
  { name: 'endpoint_id', type: 'integer', meaning: 'identity of (address, port, component) within this data set' },
  ...ADDRESS,
  { name: 'port', type: 'integer', meaning: 'TCP port' },
  { name: 'component', type: 'string', meaning: 'part of Kubernetes that listens' },
  ...INTERVAL,
  {
    name: 'began',
    type: 'string',
    meaning:
      'new, changed (other evidence), reappeared (after it was gone), back (after not-reached), aged (support ran on), moved (its place is another) or refolded (its cluster is another)',
  },
  {
    name: 'ended',
    type: 'string',
    meaning:
      'changed, gone, out-of-scope, excluded, not-reached, aged, moved or refolded; empty while the interval is open',
  },
  {
    name: 'fate',
    type: 'string',
    meaning: 'gone, excluded or out-of-scope, once that is known of an endpoint that ended so or was not reached',
  },
  { name: 'fate_census', type: 'integer', meaning: 'the census that told the fate' },
  { name: 'evidence_id', type: 'integer', meaning: 'the same number means the same evidence, byte for byte' },
  { name: 'outcome', type: 'string', meaning: 'answered, present or look-alike' },
  { name: 'distribution', type: 'string', meaning: 'verdict of the rules; unknown where they do not decide' },
  { name: 'confidence', type: 'string', meaning: 'certain, high, medium or low' },
  { name: 'version', type: 'string', meaning: 'gitVersion as told' },
  { name: 'version_number', type: 'integer', meaning: 'of the version: (major x 1000 + minor) x 10000 + patch' },
  { name: 'minor', type: 'string', meaning: 'minor version, such as 1.29' },
  { name: 'minor_number', type: 'integer', meaning: 'of the minor: major x 1000 + minor' },
  { name: 'minor_low', type: 'string', meaning: 'lowest minor that the first flight allows, where none is told' },
  { name: 'minor_high', type: 'string', meaning: 'highest minor that the first flight allows, where none is told' },
  { name: 'exposure', type: 'string', meaning: 'present, silent, says-version or open' },
  { name: 'silence', type: 'string', meaning: 'why the version is not told' },
  {
    name: 'exact_san',
    type: 'boolean',
    meaning: 'kubernetes.default.svc.cluster.local itself is in the certificate',
  },
  { name: 'answering', type: 'boolean', meaning: '/version answered 200 with a version' },
  { name: 'reason', type: 'string', meaning: 'why this verdict' },
  {
    name: 'support',
    type: 'string',
    meaning: 'supported, maintenance, extended or end-of-life, during the interval',
  },
  { name: 'support_ends_on', type: 'date', meaning: 'last day of any support of this version' },
  { name: 'certificate_from', type: 'date', meaning: 'begin of the serving certificate’s validity' },
  { name: 'certificate_until', type: 'date', meaning: 'end of the serving certificate’s validity' },
  { name: 'first_seen_on', type: 'date', meaning: 'day of the first census of the series that saw the endpoint' },
  {
    name: 'asn',
    type: 'integer',
    meaning: 'autonomous system that announces the address, by the tables of the census; empty: not known',
  },
  { name: 'as_name', type: 'string', meaning: 'its name in these tables; empty: not known' },
  { name: 'country', type: 'string', meaning: 'ISO 3166-1 code of the address; empty: not known' },
  { name: 'provider', type: 'string', meaning: 'whose cloud or hosting the address belongs to; empty: not known' },
  {
    name: 'cluster',
    type: 'string',
    meaning: 'identity of the cluster: the mark that it was found by; empty: no mark, or one that tells no cluster',
  },
  {
    name: 'cluster_since',
    type: 'date',
    meaning: 'day on which the cluster began, at the latest; empty: cannot be read',
  },
  {
    name: 'mirrored',
    type: 'boolean',
    meaning: 'one server that shows itself on many addresses of a prefix or many ports of an address; counted apart',
  },
  {
    name: 'template',
    type: 'string',
    meaning: 'the mark that more than one cluster shows, such as the authority in an image; no cluster is told by it',
  },
  { name: 'alone', type: 'boolean', meaning: 'the address has no other endpoint in this file' },
  ...ASPECT_NAMES.map(
    (aspect): Column => ({
      name: toAspectColumn(aspect),
      type: 'integer',
      meaning: `number of the combination of ${ASPECTS[aspect].join(', ')}`,
    }),
  ),
  { name: 'host_number', type: 'integer', meaning: 'place of the address among the addresses of this file, from 0' },
];

/** Every column of every file, in its order. A test holds the files to it, and datapackage.json is made of it. */
export const CODEBOOK: Readonly<Record<Table, readonly Column[]>> = {
  censuses: [
    { name: 'census_number', type: 'integer', meaning: 'number within the series' },
    { name: 'as_of', type: 'datetime', meaning: 'the date that the census answers for' },
    { name: 'started_at', type: 'datetime', meaning: 'begin of the scan' },
    { name: 'completed_at', type: 'datetime', meaning: 'end of the scan, revisits included' },
    { name: 'target_count', type: 'integer', meaning: 'targets of the frozen scope' },
    { name: 'looked_at', type: 'integer', meaning: 'targets looked at; coverage is looked_at / target_count' },
    { name: 'not_reached', type: 'integer', meaning: 'known endpoints that were not seen and are not proved gone' },
    { name: 'malformed', type: 'integer', meaning: 'observations that could not be read' },
    { name: 'connects', type: 'integer', meaning: 'connects that stood; empty: not counted' },
    { name: 'slow_connects', type: 'integer', meaning: 'of those, after a SYN was sent again' },
    {
      name: 'packets_lost',
      type: 'number',
      meaning: 'share of packets lost, 0 to 1; lower bound; empty: not measured',
    },
    {
      name: 'targets_lost',
      type: 'number',
      meaning: 'share of the answering targets missed for it, 0 to 1; lower bound; empty: not measured',
    },
    { name: 'loss_dials', type: 'integer', meaning: 'targets that had answered and were dialled once more' },
    { name: 'loss_dials_lost', type: 'integer', meaning: 'of those, that did not answer again' },
    { name: 'canary_looks', type: 'integer', meaning: 'looks at the operator’s own endpoints' },
    { name: 'canary_hits', type: 'integer', meaning: 'of those, that recognised one' },
    {
      name: 'canary_recall',
      type: 'number',
      meaning: 'share of such looks that recognised one, 0 to 1, of scan or revisits, the lower; empty: not measured',
    },
    {
      name: 'starved',
      type: 'number',
      meaning: 'share of its time in which the prober heard answers late, 0 to 1; empty: not measured',
    },
    { name: 'longest_lag_ms', type: 'integer', meaning: 'the latest that it heard one, in milliseconds' },
    {
      name: 'calls_gone',
      type: 'boolean',
      meaning: 'false where too few canaries were recognised to call anything gone that was not seen',
    },
    {
      name: 'withheld',
      type: 'integer',
      meaning: 'of the not reached: by their revisits gone, and not called so for that',
    },
    { name: 'method', type: 'string', meaning: 'the method as JSON: product version and settings' },
    { name: 'revision', type: 'integer', meaning: 'revision of this census; 1 as it was completed' },
    { name: 'revision_reason', type: 'string', meaning: 'completed, reclassified, opt-out or late-data' },
  ],
  endpoints: ENDPOINT,
  hosts: [
    ...ADDRESS,
    ...INTERVAL,
    { name: 'endpoints', type: 'integer', meaning: 'endpoints of the address during the interval' },
    { name: 'distributions', type: 'array', meaning: 'distributions of these endpoints, sorted' },
    { name: 'answering', type: 'boolean', meaning: 'one of them answered with its version' },
  ],
  clusters: [
    { name: 'cluster', type: 'string', meaning: 'identity of the cluster' },
    { name: 'cluster_since', type: 'date', meaning: 'day on which it began, at the latest; empty: cannot be read' },
    ...INTERVAL,
    { name: 'endpoints', type: 'integer', meaning: 'endpoints of the cluster during the interval' },
    { name: 'hosts', type: 'integer', meaning: 'their addresses' },
    { name: 'distributions', type: 'array', meaning: 'distributions of these endpoints, sorted' },
    { name: 'answering', type: 'boolean', meaning: 'one of them answered with its version' },
  ],
};
