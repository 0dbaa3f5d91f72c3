import { readFileSync } from 'node:fs';
import { parseVersionDocument } from '@kubecensus/shared/kubernetes';
import { expect, it } from 'vitest';
import { fingerprint } from './fingerprint.ts';

interface Expected {
  readonly distribution: string;
  readonly reason: string;
  readonly gitVersions: readonly string[];
}

const { verdicts } = JSON.parse(
  readFileSync(new URL('../distributions/fixtures/git-versions.json', import.meta.url), 'utf8'),
) as { verdicts: readonly Expected[] };

/** What a server says that has nothing else to show: all fields but the version are those of any clean build. */
function answerOf(gitVersion: string): string {
  return JSON.stringify({
    major: '1',
    minor: '20+',
    gitVersion,
    gitCommit: '5236faf39f1b7a7dabea8df12726f25608131aa9',
    gitTreeState: 'clean',
    buildDate: '2022-05-12T18:44:04Z',
    goVersion: 'go1.17.9',
    compiler: 'gc',
    platform: 'linux/amd64',
  });
}

it.each(verdicts)('real gitVersions are told as $distribution by $reason', ({ distribution, reason, gitVersions }) => {
  for (const gitVersion of gitVersions) {
    const version = parseVersionDocument(answerOf(gitVersion));
    const verdict = fingerprint({ component: 'kube-apiserver', port: 6443, issuers: [], version });
    expect(verdict, gitVersion).toMatchObject({ distribution, reason });
  }
});

it('every real gitVersion has a platform or a stated reason', () => {
  expect(verdicts.flatMap(({ gitVersions }) => gitVersions).length).toBeGreaterThan(600);
});
