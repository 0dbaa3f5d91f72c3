import { FIELD_NAMES, FIELDS, type Field } from '../../shared/src/history/index.ts';

/** Values that occur in recorded-history.ts, and some that do not; each as it is written in a query. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  ip: ['198.51.0.0/25', '198.51.0.7', '2001:db8::/64', '198.51.0.20-198.51.0.90', '192.0.2.1'],
  port: ['443', '6443', '443,6443', '(6443 or 10250)', '1..1024', '[443 to 6443]'],
  component: ['kubelet', 'kube-apiserver', 'kube-*'],
  distribution: ['eks', 'K3S', 'k*', '{gke, aks}', 'unknown', '?ks', 'none-such'],
  confidence: ['high', 'certain,low'],
  version: ['1.29', 'v1.29.1', 'v1.29.1-eks-508b6b3', 'v1.3*', '1.28..1.30', '1.27.3', '*'],
  minor: ['1.30', '1.28,1.29', '[1.28 to 1.31]', '*'],
  exposure: ['answering', 'silent', 'says-version', 'present'],
  silence: ['unauthorized', 'forbidden', '*'],
  answering: ['yes', 'no'],
  outcome: ['look-alike', 'answered', '*'],
  reason: ['marks', 'm*s'],
  'san.exact': ['yes', 'no'],
  support: ['supported', 'end-of-life', 'maintenance', '*'],
  eol: ['yes', 'no'],
  'support.left': ['12d'],
  'certificate.from': ['2025-11', '2025', '2025-12-01..2026-02-01'],
  'certificate.until': ['2026-06', '2026..'],
  'certificate.age': ['100d', '1y'],
  'certificate.left': ['30d', '20w'],
  first_seen: ['2026-02', '2026-02-02', '2026-02-09..2026-03-01'],
  seen: ['2026-03', '2026'],
  asn: ['16509', '24940,4200000001', '1..20000', '*'],
  as_name: ['*hetzner*', '"*with commas"', '*'],
  country: ['DE', 'us,fr', '*'],
  provider: ['aws', 'h*', '*'],
  cluster: ['eks:3', 'EKS:*', '*', 'x'],
  'cluster.age': ['30d'],
  mirrored: ['yes', 'no'],
  template: ['authority:1', '*'],
  san: ['*.internal', 'kubernetes', '"node3.*"', 'api.example.org'],
  subject: ['*-3', 'CN=kube-apiserver-1'],
  issuer: ['CN=kubernetes', '*k3s*', '"CN=k3s-server-ca@1?"'],
};

const ORDERED: Readonly<Record<string, readonly string[]>> = {
  port: ['443', '1000'],
  version: ['1.30', '1.29.1'],
  minor: ['1.29'],
  'support.left': ['0d', '90d', '-200d'],
  'certificate.from': ['2025-10-01', '2025-12'],
  'certificate.until': ['2026-08-01'],
  'certificate.age': ['100d', '30w'],
  'certificate.left': ['0d', '6mo'],
  first_seen: ['2026-02-16'],
  seen: ['2026-02-20'],
  'cluster.age': ['30d', '300d'],
};

/** A query as a person may write it; the same random numbers give the same query. */
export function writeQuery(random: () => number, allowed: (field: Field) => boolean, depth = 3): string {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const chance = random();
  if (depth > 0 && chance < 0.3) {
    const parts = [0, 1, ...(random() < 0.3 ? [2] : [])].map(() => writeQuery(random, allowed, depth - 1));
    return `(${parts.join(pick([' ', ' and ', ' or ', ' AND ', ' || ']))})`;
  }
  if (depth > 0 && chance < 0.42) return `${pick(['not ', '-', 'NOT '])}${writeQuery(random, allowed, depth - 1)}`;
  const field = pick(FIELD_NAMES.filter((name) => allowed(FIELDS[name])));
  const ordered = ORDERED[field];
  if (ordered !== undefined && random() < 0.5) return `${field}${pick(['<', '<=', '>', '>='])}${pick(ordered)}`;
  return `${field}${pick([':', ':', ':', '=', '!='])}${pick(VALUES[field] ?? ['x'])}`;
}
