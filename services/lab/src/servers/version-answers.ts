import { createHash } from 'node:crypto';
import { GO_VERSIONS, NEWEST_GO } from '../data/git-versions.ts';
import { type Cluster, toMinor, type VersionAccess } from '../population/cluster.ts';
import type { HttpAnswer } from './server-specification.ts';

const JSON_TYPE: readonly [string, string] = ['Content-Type', 'application/json'];
const TEXT_TYPE: readonly [string, string] = ['Content-Type', 'text/plain; charset=utf-8'];
const NO_CACHE: readonly [string, string] = ['Cache-Control', 'no-cache, private'];
const NO_SNIFF: readonly [string, string] = ['X-Content-Type-Options', 'nosniff'];

/**
 * The body of `/version`: nine fields, and four more between minor and gitVersion from 1.33 on; `+` after the minor
 * where the gitVersion has a suffix with a dash. The commit is drawn from the gitVersion: equal builds are equal.
 */
export function toVersionBody(gitVersion: string): string {
  const minor = toMinor(gitVersion);
  const emulation =
    minor >= 33
      ? {
          emulationMajor: '1',
          emulationMinor: String(minor),
          minCompatibilityMajor: '1',
          minCompatibilityMinor: String(minor - 1),
        }
      : {};
  const commit = createHash('sha1').update(gitVersion).digest('hex');
  const day = 1 + (Number.parseInt(commit.slice(0, 4), 16) % 28);
  const year = 2016 + Math.floor(minor / 3.7);
  const version = {
    major: '1',
    minor: `${minor}${/^v1\.\d+\.\d+-/.test(gitVersion) ? '+' : ''}`,
    ...emulation,
    gitVersion,
    gitCommit: commit,
    gitTreeState: gitVersion.endsWith('-dirty') ? 'dirty' : 'clean',
    buildDate: `${year}-06-${String(day).padStart(2, '0')}T12:00:00Z`,
    goVersion: GO_VERSIONS[minor] ?? NEWEST_GO,
    compiler: 'gc',
    platform: 'linux/amd64',
  };
  return JSON.stringify(version, null, 2);
}

/** A Status object; servers before about 1.22 print an empty object over three lines (transcript of 1.20.2). */
function statusBody(minor: number, fields: Record<string, unknown>): string {
  const text = JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, ...fields }, null, 2);
  return minor < 22 ? text.replaceAll(/^ {2}"(\w+)": \{\}/gm, '  "$1": {\n    \n  }') : text;
}

function forbidden(minor: number, path: string): string {
  return statusBody(minor, {
    status: 'Failure',
    message: `forbidden: User "system:anonymous" cannot get path "${path}"`,
    reason: 'Forbidden',
    details: {},
    code: 403,
  });
}

function flowHeaders(cluster: Cluster): HttpAnswer['headers'] {
  return [
    ['X-Kubernetes-Pf-Flowschema-Uid', cluster.flowSchemaUid],
    ['X-Kubernetes-Pf-Prioritylevel-Uid', cluster.priorityLevelUid],
  ];
}

/**
 * What an API server answers by path: the status and headers are those of the transcripts (kube-apiserver 1.20.2 with
 * defaults, with anonymous requests off, and without the public-info-viewer binding).
 */
export function toApiAnswers(cluster: Cluster): (readonly [string, HttpAnswer])[] {
  const minor = toMinor(cluster.gitVersion);
  const flow = flowHeaders(cluster);
  const refused = (path: string): HttpAnswer => ({
    status: 403,
    headers: [NO_CACHE, JSON_TYPE, NO_SNIFF, ...flow],
    body: forbidden(minor, path),
  });
  const unauthorized: HttpAnswer = {
    status: 401,
    headers: [NO_CACHE, JSON_TYPE],
    body: statusBody(minor, { status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 }),
  };
  const ok: HttpAnswer = { status: 200, headers: [NO_CACHE, TEXT_TYPE, NO_SNIFF, ...flow], body: 'ok' };
  const byAccess: Record<VersionAccess, (readonly [string, HttpAnswer])[]> = {
    version: [
      ['/version', { status: 200, headers: [NO_CACHE, JSON_TYPE, ...flow], body: toVersionBody(cluster.gitVersion) }],
      ['/healthz', ok],
      ['*', refused('/')],
    ],
    forbidden: [
      ['/version', refused('/version')],
      ['/healthz', refused('/healthz')],
      ['*', refused('/')],
    ],
    unauthorized: [['*', unauthorized]],
  };
  return byAccess[cluster.access];
}
