import { FIELD_NAMES, FIELDS, type FieldName } from '@kubecensus/shared/history';
import { KINDS, MINORS, SILENCES } from '../../population/kinds.ts';
import { pickSkewed } from '../../population/random.ts';

/** Terms that hold for something, by field; `#` is a small number. */
const TERMS: Readonly<Partial<Record<FieldName, readonly string[]>>> = {
  ip: ['ip:10.#.0.0/16', 'ip:10.0.0.0/9', 'ip:2001:db8::/32'],
  port: ['port:443', 'port:6443,8443', 'port>1000'],
  distribution: KINDS.map(({ distribution }) => `distribution:${distribution}`),
  version: MINORS.map((minor) => `version<${minor}`),
  minor: MINORS.map((minor) => `minor:${minor}`),
  exposure: ['exposure:answering', 'exposure:silent'],
  silence: SILENCES.map((silence) => `silence:${silence}`),
  answering: ['answering:yes', 'answering:no'],
  'san.exact': ['san.exact:yes', 'san.exact:no'],
  support: ['support:supported', 'support:maintenance', 'support:end-of-life'],
  eol: ['eol:yes', 'eol:no'],
  'certificate.from': ['certificate.from>=2025-06-01', 'certificate.from<2025-02'],
  'certificate.until': ['certificate.until<2026-01-01', 'certificate.until:2025'],
  first_seen: ['first_seen>=2025-03-01', 'first_seen:2025-01'],
  asn: ['asn:16509,14618', 'asn:396982', 'asn:6000#'],
  country: ['country:DE', 'country:US,CN', 'not country:FR'],
  provider: ['provider:aws', 'provider:*'],
};
const FILTERS = Object.values(TERMS);

export const TREND_DIMENSIONS: readonly FieldName[] = FIELD_NAMES.filter(
  (name) => FIELDS[name].dimension && FIELDS[name].trendable && FIELDS[name].measured,
);

export function makeFilter(random: () => number): string {
  const term = () => {
    const terms = FILTERS[Math.floor(random() * FILTERS.length)] ?? [];
    const text = pickSkewed(random, terms, 1.5).replace('#', String(Math.floor(random() * 10)));
    return random() < 0.15 ? `not (${text})` : text;
  };
  const chance = random();
  if (chance < 0.25) return '';
  if (chance < 0.55) return term();
  if (chance < 0.8) return `${term()} ${term()}`;
  return `(${term()} or ${term()}) ${term()}`;
}

export function makeDimensions(random: () => number, most: number): string {
  const count = 1 + Math.floor(random() * most);
  const chosen = Array.from({ length: count }, () => TREND_DIMENSIONS[Math.floor(random() * TREND_DIMENSIONS.length)]);
  return [...new Set(chosen)].join(',');
}

export function makeWeek(random: () => number, weeks: number): number {
  return 1 + Math.floor(random() * weeks);
}
