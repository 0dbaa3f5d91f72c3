import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_VERSION_DOCUMENT_BYTES, parseVersionDocument } from './version-document.ts';

/** Any UTF-16 text, lone surrogates included. */
const anyText = fc.uint16Array({ maxLength: 60 }).map((units) => String.fromCharCode(...units));

/** Recorded from a kubeadm cluster. */
const KUBEADM = {
  major: '1',
  minor: '34',
  emulationMajor: '1',
  emulationMinor: '34',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '33',
  gitVersion: 'v1.34.0',
  gitCommit: 'f28b4c9efbca5c5c0af716d9f2d5702667ee8a45',
  gitTreeState: 'clean',
  buildDate: '2025-08-27T10:09:04Z',
  goVersion: 'go1.24.6',
  compiler: 'gc',
  platform: 'linux/amd64',
};
/** Recorded from Debian's build of 1.20.2. */
const DEBIAN = {
  major: '',
  minor: '',
  gitVersion: 'v0.0.0-master+faecb196815e2',
  gitCommit: 'faecb196815e248d3ecfb03c680a4507229c2a56',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'go1.19.8',
  compiler: 'gc',
  platform: 'linux/amd64',
};

function judge(document: unknown) {
  return parseVersionDocument(JSON.stringify(document));
}

it("a recorded answer is Kubernetes' own", () => {
  expect(judge(KUBEADM)).toMatchObject({
    kind: 'version',
    minorVersion: '1.34',
    version: { raw: 'v1.34.0', family: 'release' },
    document: { goVersion: 'go1.24.6', emulationMinorVersion: '1.34' },
  });
});

it('a build without stamps is Kubernetes too, of no minor that it tells', () => {
  const verdict = judge(DEBIAN);
  expect(verdict).toMatchObject({ kind: 'version', version: { family: 'unstamped' } });
  expect(verdict).not.toHaveProperty('minorVersion');
});

it('a build from a source archive keeps its placeholders', () => {
  const archive = { ...DEBIAN, gitVersion: 'v0.0.0-master+$Format:%h$', gitCommit: '$Format:%H$' };
  expect(judge(archive).kind).toBe('version');
  expect(judge({ ...archive, gitVersion: 'v1.28.3' })).toMatchObject({ kind: 'look-alike', reason: 'no-commit' });
});

it('a gitVersion that counts something else leaves the minor to the other fields', () => {
  expect(judge({ ...KUBEADM, minor: '11+', gitVersion: 'v3.11.0+07ae5a0-606' })).toMatchObject({
    minorVersion: '1.11',
  });
});

it.each([
  ['not-a-kubernetes-version', { ...KUBEADM, gitVersion: '1.34.0' }],
  ['not-a-kubernetes-version', { ...KUBEADM, gitVersion: 'f5ccb35' }],
  ['no-commit', { ...KUBEADM, gitCommit: 'fake' }],
  ['no-commit', { ...KUBEADM, gitCommit: undefined }],
  ['no-commit', { ...KUBEADM, gitCommit: KUBEADM.gitCommit.toUpperCase() }],
  ['no-tree-state', { ...KUBEADM, gitTreeState: undefined }],
  ['no-tree-state', { ...KUBEADM, gitTreeState: 'spotless' }],
  ['no-git-version', { major: '1', minor: '34' }],
  ['no-git-version', { ...KUBEADM, gitVersion: 1.34 }],
  ['no-git-version', { ...KUBEADM, gitVersion: ['v1.34.0'] }],
  ['no-git-version', { ...KUBEADM, gitVersion: 'v1.34.0\u0000' }],
  ['no-git-version', { ...KUBEADM, gitVersion: `v1.34.0-${'a'.repeat(200)}` }],
])('%s: an imitation is told from the original', (reason, document) => {
  expect(judge(document)).toMatchObject({ kind: 'look-alike', reason });
});

describe('a commit of few digits', () => {
  const told = (gitVersion: string, gitCommit: string, more: object = {}) => ({
    ...KUBEADM,
    gitVersion,
    gitCommit,
    gitTreeState: '',
    ...more,
  });

  it.each([
    ['its suffix repeats it', told('v1.11.0+d4cacc0', 'd4cacc0')],
    ['its suffix begins with it', told('v1.13.4+c9e4f28ff', 'c9e4f28')],
    ['its suffix begins it', told('v1.14.6+cebabbf', 'cebabbf4a')],
    ['it is a vendor’s, with all that Go fills in', told('v1.16.9-aliyun.1', '4f7ea78')],
    ['it has 39 digits', told('v1.16.9-aliyun.1', 'a'.repeat(39))],
  ])('stands where %s', (_, document) => {
    expect(judge(document)).toMatchObject({ kind: 'version' });
  });

  it.each([
    ['short-commit', 'of another commit', told('v1.13.4+c2a5caf', 'd4cacc0')],
    ['short-commit', 'of a release', told('v1.14.6', 'a4182a8')],
    ['short-commit', 'without what Go fills in', told('v1.16.9-aliyun.1', '4f7ea78', { compiler: undefined })],
    ['no-commit', 'of six digits', told('v1.11.0+d4cacc', 'd4cacc')],
    ['no-commit', 'of 41 digits', told('v1.16.9-aliyun.1', 'a'.repeat(41))],
  ])('is an imitation’s, %s, %s', (reason, _, document) => {
    expect(judge(document)).toMatchObject({ kind: 'look-alike', reason });
  });

  it('stands beside the certificate of an API server', () => {
    const body = JSON.stringify(told('v1.14.6', 'a4182a8'));
    expect(parseVersionDocument(body, 'api-server')).toMatchObject({ kind: 'version', version: { raw: 'v1.14.6' } });
    const none = JSON.stringify(told('v1.14.6', ''));
    expect(parseVersionDocument(none, 'api-server')).toMatchObject({ kind: 'look-alike', reason: 'no-commit' });
  });
});

it('Grafana and etcd are known by name', () => {
  const grafana = { major: '1', minor: '32', gitVersion: '1.32.0+grafana-v11.5.2', gitTreeState: 'grafana v11.5.2' };
  expect(judge(grafana)).toMatchObject({ kind: 'look-alike', product: 'grafana' });
  expect(judge({ etcdserver: '3.5.12', etcdcluster: '3.5.0' })).toMatchObject({ kind: 'look-alike', product: 'etcd' });
});

it('what an object inherits is not read', () => {
  const inherited = `{"__proto__":${JSON.stringify(KUBEADM)}}`;
  expect(parseVersionDocument(inherited)).toMatchObject({ kind: 'look-alike', reason: 'no-git-version' });
  expect(judge({ gitVersion: KUBEADM.gitVersion, constructor: 1 })).toMatchObject({ kind: 'look-alike' });
});

it.each([
  ['empty', ''],
  ['not-json', '<html>'],
  ['not-json', '{"gitVersion":'],
  ['not-an-object', '[]'],
  ['not-an-object', 'null'],
  ['not-an-object', '"v1.34.0"'],
  ['not-an-object', `${'['.repeat(8000)}${']'.repeat(8000)}`],
])('%s: a body that is no document is told so', (reason, body) => {
  expect(parseVersionDocument(body)).toEqual({ kind: 'unreadable', reason });
});

it('a document is read up to its longest length and not beyond', () => {
  const pad = (length: number): string => {
    const bare = JSON.stringify({ ...KUBEADM, pad: '' });
    return JSON.stringify({ ...KUBEADM, pad: 'x'.repeat(length - bare.length) });
  };
  expect(parseVersionDocument(pad(MAX_VERSION_DOCUMENT_BYTES - 1)).kind).toBe('version');
  expect(parseVersionDocument(pad(MAX_VERSION_DOCUMENT_BYTES)).kind).toBe('version');
  expect(parseVersionDocument(pad(MAX_VERSION_DOCUMENT_BYTES + 1))).toEqual({
    kind: 'unreadable',
    reason: 'too-large',
  });
});

it('any text gets a verdict', () => {
  const field = fc.oneof(anyText, fc.jsonValue(), fc.constant(KUBEADM.gitCommit), fc.constant('v1.2.3'));
  const document = fc
    .dictionary(fc.constantFrom(...Object.keys(KUBEADM), '__proto__'), field)
    .map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(fc.oneof(document, anyText), (body) => {
      expect(['version', 'look-alike', 'unreadable']).toContain(parseVersionDocument(body).kind);
    }),
    { seed: 20_261_121, numRuns: 1000 },
  );
});
