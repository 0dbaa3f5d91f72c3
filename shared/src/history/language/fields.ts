import { COMPONENTS, CONFIDENCES, EXPOSURES, SILENCES } from '../../vocabulary/index.ts';

export type FieldType = 'text' | 'word' | 'number' | 'boolean' | 'version' | 'date' | 'duration' | 'network';

export interface Field {
  readonly type: FieldType;
  readonly meaning: string;
  readonly example: string;
  /** Constant over an interval of the history: it can filter a trend. */
  readonly trendable: boolean;
  /** Counts, cross-tabs and trends can be split by it. */
  readonly dimension: boolean;
  /** Where it is kept: the record alone holds certificates' texts. */
  readonly kept: 'history' | 'record';
  /** False until the record has it: every answer that rests on it says so. */
  readonly measured: boolean;
  /** The values of a word, where they are a closed list. */
  readonly values?: readonly string[];
  /** The largest number that there is. */
  readonly most?: number;
  /** Further words that stand for one or several of these values. */
  readonly synonyms?: Readonly<Record<string, readonly string[]>>;
  /** Other names, as users of other engines know it. */
  readonly aliases?: readonly string[];
}

type Definition = Pick<Field, 'type' | 'meaning' | 'example'> & Partial<Field>;

/** An attribute that holds for a whole interval. */
function constant(field: Definition): Field {
  return { trendable: true, dimension: false, kept: 'history', measured: true, ...field };
}

/** An attribute that counts and trends can be split by. */
function dimension(field: Definition): Field {
  return constant({ dimension: true, ...field });
}

/** True of one moment: it moves on from census to census while nothing changes. */
function momentary(field: Definition): Field {
  return constant({ trendable: false, ...field });
}

/** Kept in the record alone. */
function recorded(field: Definition): Field {
  return constant({ trendable: false, kept: 'record', ...field });
}

/** The fields of the query language, in the order of the help. */
export const FIELDS = {
  ip: constant({
    type: 'network',
    meaning: 'address, prefix or range',
    example: 'ip:203.0.113.0/24',
    aliases: ['net', 'address', 'cidr'],
  }),
  port: dimension({ type: 'number', most: 65_535, meaning: 'TCP port', example: 'port:443,6443' }),
  component: dimension({
    type: 'word',
    meaning: 'part of Kubernetes that listens',
    example: 'component:kubelet',
    values: COMPONENTS,
  }),
  distribution: dimension({
    type: 'text',
    meaning: 'verdict of the rules',
    example: 'distribution:eks',
    aliases: ['distro', 'product'],
  }),
  confidence: dimension({
    type: 'word',
    meaning: 'how sure the verdict is',
    example: 'confidence:certain',
    values: CONFIDENCES,
  }),
  version: dimension({
    type: 'version',
    meaning: 'version as told; with two numbers the minor',
    example: 'version<1.30',
  }),
  minor: dimension({ type: 'version', meaning: 'minor version', example: 'minor:1.28..1.30' }),
  exposure: dimension({
    type: 'word',
    meaning: 'how much a stranger is shown; answering is says-version or open',
    example: 'exposure:answering',
    values: EXPOSURES,
    synonyms: { answering: ['says-version', 'open'] },
  }),
  silence: dimension({
    type: 'word',
    meaning: 'why the version is not told',
    example: 'silence:forbidden',
    values: SILENCES,
  }),
  answering: dimension({ type: 'boolean', meaning: '/version answered 200 with a version', example: 'answering:yes' }),
  outcome: dimension({
    type: 'word',
    meaning: 'what a look came to; look-alikes are left out unless this is asked',
    example: 'outcome:look-alike',
    values: ['answered', 'present', 'look-alike'],
  }),
  reason: dimension({ type: 'text', meaning: 'why this verdict', example: 'reason:marks' }),
  'san.exact': dimension({
    type: 'boolean',
    meaning: 'kubernetes.default.svc.cluster.local itself is in the certificate',
    example: 'san.exact:yes',
    aliases: ['exact_san'],
  }),
  support: dimension({
    type: 'word',
    meaning: 'support of the version on the day of the census',
    example: 'support:maintenance',
    values: ['supported', 'maintenance', 'extended', 'end-of-life'],
  }),
  eol: dimension({ type: 'boolean', meaning: 'the version is past the end of any support', example: 'eol:yes' }),
  'support.left': momentary({
    type: 'duration',
    meaning: 'until the last day of any support; less than 0d once it is over',
    example: 'support.left<90d',
  }),
  'certificate.from': constant({
    type: 'date',
    meaning: 'begin of the certificate’s validity',
    example: 'certificate.from>=2026-01-01',
    aliases: ['not_before'],
  }),
  'certificate.until': constant({
    type: 'date',
    meaning: 'end of the certificate’s validity',
    example: 'certificate.until<2026-06-01',
    aliases: ['not_after'],
  }),
  'certificate.age': momentary({
    type: 'duration',
    meaning: 'since the begin of the certificate’s validity',
    example: 'certificate.age>1y',
  }),
  'certificate.left': momentary({
    type: 'duration',
    meaning: 'until the end of the certificate’s validity',
    example: 'certificate.left<30d',
  }),
  first_seen: constant({
    type: 'date',
    meaning: 'day of the first census that saw the endpoint',
    example: 'first_seen>=2026-03-01',
  }),
  seen: momentary({
    type: 'date',
    meaning: 'day of the last census that saw the endpoint',
    example: 'seen>=2026-03-01',
    aliases: ['last_seen'],
  }),
  asn: dimension({
    type: 'number',
    meaning: 'autonomous system that announces the address',
    example: 'asn:16509',
    aliases: ['as'],
  }),
  as_name: dimension({
    type: 'text',
    meaning: 'name of that autonomous system',
    example: 'as_name:"*hetzner*"',
    aliases: ['asn.name', 'org'],
  }),
  country: dimension({ type: 'text', meaning: 'country of the address, two letters', example: 'country:DE' }),
  provider: dimension({
    type: 'text',
    meaning: 'whose cloud or hosting the address belongs to',
    example: 'provider:aws',
    aliases: ['cloud'],
  }),
  cluster: dimension({
    type: 'text',
    meaning: 'identity of the cluster: the mark that it was found by',
    example: 'cluster:"eks:*"',
  }),
  'cluster.age': momentary({
    type: 'duration',
    meaning: 'since the cluster began, at the latest, where that can be read',
    example: 'cluster.age<30d',
  }),
  mirrored: dimension({
    type: 'boolean',
    meaning: 'one server on many addresses or ports; left out unless this is asked',
    example: 'mirrored:yes',
  }),
  template: dimension({
    type: 'text',
    meaning: 'a mark that more than one cluster shows, so that none is told by it',
    example: 'template:*',
  }),
  san: recorded({
    type: 'text',
    meaning: 'a DNS name in the certificate',
    example: 'san:"*.internal"',
    aliases: ['dns', 'hostname', 'name'],
  }),
  subject: recorded({ type: 'text', meaning: 'subject of the certificate', example: 'subject:"*kube-apiserver*"' }),
  issuer: recorded({ type: 'text', meaning: 'issuer of the certificate', example: 'issuer:"CN=k3s-server-ca*"' }),
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

const BY_NAME = new Map<string, FieldName>(
  FIELD_NAMES.flatMap((name): [string, FieldName][] => {
    const { aliases }: Field = FIELDS[name];
    return [name, ...(aliases ?? [])].map((one) => [one, name]);
  }),
);

/** By its name or another one that it has; case does not count. */
export function findField(name: string): FieldName | undefined {
  return BY_NAME.get(name.toLowerCase());
}

export function toField(name: FieldName): Field {
  return FIELDS[name];
}

/** A name farther from what was written than this is no proposal. */
const MAX_DISTANCE = 3;

/** The field whose name is nearest to what was written; undefined where none is near. */
export function proposeField(written: string): string | undefined {
  const meant = proposeWord([...BY_NAME.keys()], written);
  return meant === undefined ? undefined : BY_NAME.get(meant);
}

/** The word of a list that was probably meant; undefined where none is near. */
export function proposeWord(words: readonly string[], written: string): string | undefined {
  const word = written.toLowerCase().slice(0, 40);
  const near = words
    .map((one) => ({ one, distance: one.startsWith(word) && word.length > 2 ? 1 : editDistance(word, one) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near !== undefined && near.distance <= Math.min(MAX_DISTANCE, word.length - 1) ? near.one : undefined;
}

/** Insertions, deletions and replacements from one word to the other (Wagner and Fischer, 1974). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
