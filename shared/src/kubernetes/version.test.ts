import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareMinorVersions,
  compareVersions,
  type KubernetesVersion,
  MAX_GIT_VERSION_LENGTH,
  parseVersion,
  toMinorVersion,
} from './version.ts';

const SEED = 20_261_121;
/** Any UTF-16 text, lone surrogates included. */
const anyText = fc.uint16Array({ maxLength: 60 }).map((units) => String.fromCharCode(...units));

function read(text: string): KubernetesVersion {
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`"${text}" was not read`);
  return version;
}

it.each<[string, string, Partial<KubernetesVersion>]>([
  ['a release', 'v1.28.3', { family: 'release', minorVersion: '1.28', suffix: '' }],
  ['a candidate', 'v1.29.0-rc.1', { family: 'pre-release', preRelease: { stage: 'rc', number: 1 } }],
  ['a candidate without a dot', 'v1.24.1-rc1+k3s1', { family: 'vendor', preRelease: { stage: 'rc', number: 1 } }],
  ['a continuous build', 'v1.30.0-alpha.0.15+55f2bc10435160', { family: 'ci', minorVersion: '1.30' }],
  ['commits after a tag', 'v1.24.3-2+63243a96d1c393', { family: 'git-describe', dirty: false }],
  ['commits after a tag, abbreviated', 'v1.16.4-12.8d683d9', { family: 'git-describe' }],
  ['commits after a tag, as git writes them', 'v1.2.0-36-g4a3f9c5', { family: 'git-describe' }],
  ['a changed tree', 'v1.28.2-3446+20a57641f83e54-dirty', { family: 'git-describe', dirty: true }],
  ['a changed tree alone', 'v1.27.0-dirty', { family: 'dirty', dirty: true }],
  ['an unstamped tree', 'v0.0.0-master+$Format:%h$', { family: 'unstamped' }],
  ["Debian's build", 'v0.0.0-master+faecb196815e2', { family: 'unstamped' }],
  ["a vendor's suffix", 'v1.27.7-gke.1056000', { family: 'vendor', suffix: '-gke.1056000' }],
  [
    "a vendor's build of a candidate",
    'v1.22.0-rc.0+894a78b',
    { family: 'vendor', preRelease: { stage: 'rc', number: 0 } },
  ],
  [
    'a candidate behind the plus',
    'v1.29.0-gke.999999.99+rc.2-266-g14612c92cf3b94-x',
    { preRelease: { stage: 'rc', number: 2 } },
  ],
  [
    'a suffix with a blank',
    'v2.0.2-tos-final-build-20200728-6-ge514bbfaf46257-dirty tdh',
    { family: 'vendor', dirty: true },
  ],
])('%s is read: %s', (_, text, expected) => {
  expect(read(text)).toMatchObject({ raw: text, ...expected });
});

it.each([
  'v0.3.1-1+ccb8fd6954d657',
  'v2.1.0-tos-final-build-20220805-tdh',
  'v3.11.0+07ae5a0-606',
  'v0.0.0-master+$Format:%H$',
])('the numbers of %s are not those of Kubernetes', (text) => {
  expect(read(text).minorVersion).toBeUndefined();
});

it.each([
  ['no leading v', '1.32.0+grafana-v11.5.2'],
  ['a bare commit', 'c2dabca82015b839a1f50f3011f5bf271c6f3914'],
  ['text', 'unknown'],
  ['two numbers', 'v1.28'],
  ['four numbers', 'v1.28.3.4'],
  ['a capital v', 'V1.28.3'],
  ['a number too long', 'v1.28.1234567890'],
  ['a suffix without a sign', 'v1.28.3rc1'],
  ['a line break', 'v1.28.3\nv1.28.4'],
  ['a NUL', 'v1.28.3\u0000'],
  ['an override of direction', 'v1.28.3-\u202etset'],
  ['nothing', ''],
])('%s is no gitVersion', (_, text) => {
  expect(parseVersion(text)).toBeUndefined();
});

it('a gitVersion is read up to its longest length and not beyond', () => {
  const longest = `v1.2.3-${'a'.repeat(MAX_GIT_VERSION_LENGTH - 7)}`;
  expect(longest).toHaveLength(MAX_GIT_VERSION_LENGTH);
  expect(parseVersion(longest)).toBeDefined();
  expect(parseVersion(`${longest}a`)).toBeUndefined();
  expect(parseVersion(longest.slice(0, -1))).toBeDefined();
});

it.each([
  ['1', '28', '1.28'],
  ['1', '19+', '1.19'],
  ['1', '07', '1.7'],
  ['', '', undefined],
  ['2', '1', undefined],
  ['1', 'x', undefined],
  ['1', '1234', undefined],
])('major %j and minor %j give %s', (major, minor, expected) => {
  expect(toMinorVersion(major, minor)).toBe(expected);
});

describe('order', () => {
  it('is right across vendors', () => {
    const ordered = [
      'v0.3.1-1+ccb8fd6954d657',
      'v1.9.11',
      'v1.20.0-alpha.1',
      'v1.20.0-alpha.2',
      'v1.20.0-beta.0',
      'v1.20.0-rc.0',
      'v1.20.0-rc.1',
      'v1.20.0',
      'v1.20.4-aliyun.1',
      'v1.20.6-tke.7',
      'v1.20.6-tke.34',
      'v1.20.11',
      'v1.20.11+vmware.1',
      'v1.27.7-gke.900',
      'v1.27.7-gke.1056000',
      'v1.27.8',
      'v1.29.0-gke.999999.99+alpha.0-1169-g1e0b16952964b7',
      'v1.29.0-gke.999999.99+rc.2-266-g14612c92cf3b94',
      'v1.29.0',
      'v1.29.0+k3s1',
      'v1.29.0+k3s2',
      'v1.29.0+rke2r1',
      'v2.1.0-tos-final-build-20220805-tdh',
    ];
    const shuffled = [...ordered].sort((a, b) => (a.length === b.length ? (a < b ? 1 : -1) : a.length - b.length));
    expect(
      shuffled
        .map(read)
        .sort(compareVersions)
        .map(({ raw }) => raw),
    ).toEqual(ordered);
  });

  it('is total: of any two versions one comes first, and only equal texts are equal', () => {
    const version = fc
      .tuple(
        fc.constantFrom('v1.28.3', 'v1.28.10', 'v1.29.0', 'v0.1.2'),
        fc.constantFrom('', '-rc.1', '-alpha.12', '+1'),
        fc.stringMatching(/^([-+.][0-9a-f]{0,16}){0,3}$/),
      )
      .map((parts) => parseVersion(parts.join('')))
      .filter((found) => found !== undefined);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        expect(compareVersions(a, b) === 0).toBe(a.raw === b.raw);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('puts 1.9 before 1.29, and the unreadable first', () => {
    expect(['1.29', 'x', '1.9', '1.30'].sort(compareMinorVersions)).toEqual(['x', '1.9', '1.29', '1.30']);
  });
});

it('any text gives a version or none, and a version says what it was read from', () => {
  const text = fc.oneof(
    anyText,
    anyText.map((rest) => `v1.28.3${rest}`),
    fc.string().map((rest) => `v1.28.3-${rest}`),
  );
  fc.assert(
    fc.property(text, (given) => {
      const version = parseVersion(given);
      if (version === undefined) return;
      expect(version.raw).toBe(given);
      expect(given).toBe(`v${version.major}.${version.minor}.${version.patch}${version.suffix}`);
    }),
    { seed: SEED, numRuns: 2000 },
  );
});
