/** Longest gitVersion that is read. The longest of 11,717 seen on the Internet has 86 characters. */
export const MAX_GIT_VERSION_LENGTH = 128;

/** Largest number in a part that is read: far above any real one, and exact in a double. */
const MAX_PART_DIGITS = 9;

export type PreReleaseStage = 'alpha' | 'beta' | 'rc';

/** What kind of build the text after major.minor.patch tells of. */
export type BuildFamily =
  | 'release' // nothing follows: an upstream release, or a vendor's that leaves no mark
  | 'pre-release' // `-rc.0`
  | 'ci' // `-alpha.0.15+55f2bc10435160`: commits after a tag, as upstream's own continuous builds
  | 'git-describe' // `-2+63243a96d1c393`: commits after a release tag, as forks and snaps have
  | 'dirty' // a working tree with changes, and nothing else to tell
  | 'unstamped' // built from a source archive, where nothing replaced the placeholders
  | 'vendor'; // any other suffix

export interface KubernetesVersion {
  /** As the server wrote it. */
  readonly raw: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** '1.29'; absent where the numbers are not Kubernetes' own (major other than 1, or unstamped). */
  readonly minorVersion?: string;
  readonly preRelease?: { readonly stage: PreReleaseStage; readonly number: number };
  /** Everything after major.minor.patch, with its leading sign; '' for a plain release. */
  readonly suffix: string;
  readonly family: BuildFamily;
  readonly dirty: boolean;
}

const CORE = /^v(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?![\d.])/;
const PRINTABLE = /^[\x20-\x7e]+$/;
const PRE_RELEASE = /^-(alpha|beta|rc)\.?(\d{1,9})(?!\d)/;
/** Google's internal builds write the pre-release that they grew from behind the plus sign. */
const LATE_PRE_RELEASE = /\+(alpha|beta|rc)\.(\d{1,9})(?!\d)/;
const UNSTAMPED = /^-master\+/;
const CI = /^\.\d{1,9}[+-]g?[0-9a-f]{7,40}$/;
const GIT_DESCRIBE = /^-\d{1,9}(?:\+|-g|\.)[0-9a-f]{7,40}$/;

/**
 * One reader for every gitVersion (kubernetes/kubernetes:hack/lib/version.sh and its vendors' variants).
 * Total: any string gives a version or undefined, in time linear in its length, and nothing throws.
 * Undefined means that no Kubernetes server says this: no leading `v`, no three numbers, unprintable, too long.
 */
export function parseVersion(text: string): KubernetesVersion | undefined {
  if (text.length > MAX_GIT_VERSION_LENGTH || !PRINTABLE.test(text)) return undefined;
  const core = CORE.exec(text);
  if (core === null) return undefined;
  const major = Number(core[1]);
  const minor = Number(core[2]);
  const patch = Number(core[3]);
  const suffix = text.slice(core[0].length);
  if (suffix !== '' && !/^[-+]/.test(suffix)) return undefined;
  const dirty = /(?:^|[-.+])dirty(?:$|[-. ])/.test(suffix);
  const clean = dirty ? suffix.replace(/-dirty(?=$|[- ])/, '') : suffix;
  const pre = PRE_RELEASE.exec(clean);
  const late = pre ?? LATE_PRE_RELEASE.exec(clean);
  const family = toFamily(clean, pre, dirty);
  return {
    raw: text,
    major,
    minor,
    patch,
    ...(major === 1 && family !== 'unstamped' ? { minorVersion: `${major}.${minor}` } : {}),
    ...(late === null ? {} : { preRelease: { stage: late[1] as PreReleaseStage, number: Number(late[2]) } }),
    suffix,
    family,
    dirty,
  };
}

function toFamily(clean: string, pre: RegExpExecArray | null, dirty: boolean): BuildFamily {
  if (UNSTAMPED.test(clean)) return 'unstamped';
  if (clean === '') return dirty ? 'dirty' : 'release';
  if (pre !== null) {
    const rest = clean.slice(pre[0].length);
    if (rest === '') return 'pre-release';
    if (CI.test(rest)) return 'ci';
    return 'vendor';
  }
  return GIT_DESCRIBE.test(clean) ? 'git-describe' : 'vendor';
}

/**
 * The minor of a `/version` document's own `major` and `minor` ('1', '19+' gives '1.19'), for servers whose gitVersion
 * counts something else (OpenShift 3, Transwarp). Undefined where they are empty or no numbers.
 */
export function toMinorVersion(major: string, minor: string): string | undefined {
  const first = /^\d{1,3}$/.exec(major);
  const second = /^(\d{1,3})(?:\D|$)/.exec(minor);
  if (first === null || second === null || Number(major) !== 1) return undefined;
  return `1.${Number(second[1])}`;
}

const STAGES: readonly PreReleaseStage[] = ['alpha', 'beta', 'rc'];
/** Above every stage: a release comes after its candidates. */
const RELEASED = STAGES.length;

/**
 * Orders versions of any vendors: major, minor, patch, pre-release before release, then the vendor's build part by
 * part with numbers compared as numbers, and last the raw text, so that only equal texts are equal.
 */
export function compareVersions(a: KubernetesVersion, b: KubernetesVersion): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    stageOf(a) - stageOf(b) ||
    (a.preRelease?.number ?? 0) - (b.preRelease?.number ?? 0) ||
    compareParts(a.suffix, b.suffix) ||
    compareText(a.raw, b.raw)
  );
}

/** Compares minors ('1.9' before '1.29'); an unreadable one comes first. */
export function compareMinorVersions(a: string, b: string): number {
  return minorNumber(a) - minorNumber(b) || compareText(a, b);
}

function minorNumber(minorVersion: string): number {
  const match = /^(\d{1,4})\.(\d{1,4})$/.exec(minorVersion);
  return match === null ? -1 : Number(match[1]) * 10_000 + Number(match[2]);
}

function stageOf(version: KubernetesVersion): number {
  return version.preRelease === undefined ? RELEASED : STAGES.indexOf(version.preRelease.stage);
}

function compareParts(a: string, b: string): number {
  const left = a.match(/\d+|[A-Za-z]+/g) ?? [];
  const right = b.match(/\d+|[A-Za-z]+/g) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const one = left[index];
    const other = right[index];
    if (one === undefined) return -1;
    if (other === undefined) return 1;
    const difference = comparePart(one, other);
    if (difference !== 0) return difference;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  const numeric = isDigits(a);
  if (numeric !== isDigits(b)) return numeric ? -1 : 1;
  if (!numeric) return compareText(a, b);
  const left = a.replace(/^0+(?=\d)/, '');
  const right = b.replace(/^0+(?=\d)/, '');
  // Hexadecimal commit ids can be all digits and longer than a double is exact.
  if (left.length > MAX_PART_DIGITS || right.length > MAX_PART_DIGITS) {
    return left.length - right.length || compareText(left, right);
  }
  return Number(left) - Number(right);
}

function isDigits(text: string): boolean {
  return /^\d/.test(text);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
