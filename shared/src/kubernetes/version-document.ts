import { type KubernetesVersion, MAX_GIT_VERSION_LENGTH, parseVersion, toMinorVersion } from './version.ts';

/** A real document has 275 to 450 bytes; one above this is something else. */
export const MAX_VERSION_DOCUMENT_BYTES = 16 * 1024;
/** Longest field that is kept. Real ones have at most 40 characters, gitVersion apart. */
const MAX_FIELD_LENGTH = MAX_GIT_VERSION_LENGTH;

/** Fields of `/version` (kubernetes/apimachinery:pkg/version/types.go), each '' where the server did not say it. */
export interface VersionDocument {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly buildDate: string;
  readonly goVersion: string;
  readonly compiler: string;
  readonly platform: string;
  /** `emulationMajor.emulationMinor`, said from 1.33 on. */
  readonly emulationMinorVersion?: string;
}

export type LookAlikeReason =
  | 'no-git-version' // JSON with other fields
  | 'not-a-kubernetes-version' // gitVersion without `v` and three numbers
  | 'no-commit' // copies and imitations leave it out or invent it
  | 'short-commit' // digits of a commit, too few for Kubernetes' build, that nothing else bears out
  | 'no-tree-state'; // a tree state that Kubernetes' build never writes

export type VersionVerdict =
  | {
      readonly kind: 'version';
      readonly document: VersionDocument;
      readonly version: KubernetesVersion;
      /** '1.29', by the fields where gitVersion counts something else; absent where neither tells. */
      readonly minorVersion?: string;
    }
  | {
      readonly kind: 'look-alike';
      readonly reason: LookAlikeReason;
      readonly product?: 'grafana' | 'etcd';
      readonly document: VersionDocument;
    }
  | { readonly kind: 'unreadable'; readonly reason: 'empty' | 'too-large' | 'not-json' | 'not-an-object' };

const COMMIT = /^[0-9a-f]{40}$/;
/** As `git rev-parse --short` prints it: OpenShift to 4.2 and ACK to 1.16 stamp no more (public captures). */
const SHORT_COMMIT = /^[0-9a-f]{7,39}$/;
/** What hack/lib/version.sh can write; '' on builds that set no stamps (Debian's). */
const TREE_STATES: ReadonlySet<string> = new Set(['clean', 'dirty', 'archive', '', 'not a git tree']);

/**
 * Judges a body as a `/version` answer. Total and bounded: any text gives a verdict, own properties only are read, and
 * a field that is no printable string of modest length counts as absent. `shownBy`: whose certificate came with it; that
 * of an API server bears out a commit of few digits.
 */
export function parseVersionDocument(body: string, shownBy: 'api-server' | 'anyone' = 'anyone'): VersionVerdict {
  if (body.length === 0) return { kind: 'unreadable', reason: 'empty' };
  if (body.length > MAX_VERSION_DOCUMENT_BYTES) return { kind: 'unreadable', reason: 'too-large' };
  const value = readJson(body);
  if (value === undefined) return { kind: 'unreadable', reason: 'not-json' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'unreadable', reason: 'not-an-object' };
  }
  return judge(value as Record<string, unknown>, shownBy === 'api-server');
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A stranger's bytes: what does not parse is a finding ('not-json'), not a failure.
    return undefined;
  }
}

function judge(fields: Record<string, unknown>, isApiServer: boolean): VersionVerdict {
  const document = toDocument(fields);
  const product = toProduct(document, fields);
  const lookAlike = (reason: LookAlikeReason): VersionVerdict => ({
    kind: 'look-alike',
    reason,
    ...(product === undefined ? {} : { product }),
    document,
  });
  if (document.gitVersion === '') return lookAlike('no-git-version');
  const version = parseVersion(document.gitVersion);
  if (version === undefined) return lookAlike('not-a-kubernetes-version');
  // A tarball without git leaves both stamps as the placeholders of `git archive`.
  const unstamped = version.family === 'unstamped' && document.gitCommit.startsWith('$Format');
  if (!COMMIT.test(document.gitCommit) && !unstamped) {
    if (!SHORT_COMMIT.test(document.gitCommit)) return lookAlike('no-commit');
    if (!isApiServer && !bearsOut(version, document)) return lookAlike('short-commit');
  }
  if (!Object.hasOwn(fields, 'gitTreeState') || !TREE_STATES.has(document.gitTreeState)) {
    return lookAlike('no-tree-state');
  }
  const minorVersion = version.minorVersion ?? toMinorVersion(document.major, document.minor);
  return { kind: 'version', document, version, ...(minorVersion === undefined ? {} : { minorVersion }) };
}

/**
 * A vendor's build may stamp a commit of few digits: its suffix then repeats them, or all is there that a Go program
 * fills in by itself, which copies of the document leave out.
 */
function bearsOut({ family, suffix }: KubernetesVersion, document: VersionDocument): boolean {
  const { gitCommit, goVersion, compiler, platform } = document;
  const repeated = /[+.-]g?([0-9a-f]{7,40})(?=$|[-.])/.exec(suffix)?.[1];
  if (repeated !== undefined) return repeated.startsWith(gitCommit) || gitCommit.startsWith(repeated);
  return family === 'vendor' && /^go\d/.test(goVersion) && compiler !== '' && /^\w+\/\w+$/.test(platform);
}

function toDocument(fields: Record<string, unknown>): VersionDocument {
  const emulation = toMinorVersion(toField(fields, 'emulationMajor'), toField(fields, 'emulationMinor'));
  return {
    major: toField(fields, 'major'),
    minor: toField(fields, 'minor'),
    gitVersion: toField(fields, 'gitVersion'),
    gitCommit: toField(fields, 'gitCommit'),
    gitTreeState: toField(fields, 'gitTreeState'),
    buildDate: toField(fields, 'buildDate'),
    goVersion: toField(fields, 'goVersion'),
    compiler: toField(fields, 'compiler'),
    platform: toField(fields, 'platform'),
    ...(emulation === undefined ? {} : { emulationMinorVersion: emulation }),
  };
}

function toField(fields: Record<string, unknown>, name: string): string {
  if (!Object.hasOwn(fields, name)) return '';
  const value = fields[name];
  return typeof value === 'string' && value.length <= MAX_FIELD_LENGTH && /^[\x20-\x7e]*$/.test(value) ? value : '';
}

function toProduct(document: VersionDocument, fields: Record<string, unknown>): 'grafana' | 'etcd' | undefined {
  if (document.gitVersion.includes('grafana') || document.gitTreeState.startsWith('grafana')) return 'grafana';
  return Object.hasOwn(fields, 'etcdserver') ? 'etcd' : undefined;
}
