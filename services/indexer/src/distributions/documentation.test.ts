import { readFileSync } from 'node:fs';
import { COMPONENTS } from '@kubecensus/shared/vocabulary';
import { expect, it } from 'vitest';
import { EXPOSURE_RULES } from '../exposure/exposure-rules.ts';
import { GO_BEHAVIOURS, toBracket } from '../fingerprint/bracket.ts';
import { LOOK_ALIKES } from '../fingerprint/look-alikes.ts';
import { readFixtures } from '../fingerprint/testing/read-fixtures.ts';
import type { Distribution } from './define-distribution.ts';
import { DISTRIBUTIONS } from './index.ts';

const fixtures = readFixtures();
const { verdicts } = JSON.parse(readFileSync(new URL('fixtures/git-versions.json', import.meta.url), 'utf8')) as {
  verdicts: { distribution: string; gitVersions: string[] }[];
};

function renderPage(): string {
  const recorded = fixtures.filter(({ origin }) => origin.kind === 'recorded').length;
  return [
    '# Distributions',
    '',
    'Generated from `services/indexer/src/distributions`: `npx vitest run services/indexer/src/distributions -u`.',
    'A test fails where this page and the rules differ.',
    '',
    'A verdict is a pure function of what one endpoint showed. Every mark is a rule in one file; the strongest decides,',
    'independent ones of medium worth support one another, and those that speak for something else are kept and lower the',
    'confidence. Two strong ones that contradict each other leave `unknown`; an upstream version without any mark is',
    '`upstream`, with the list of what it could be. *Weak* marks never decide. `certain` is kept for what only the',
    "distribution's own software leaves. Names alone, which anyone may have added to a certificate, are worth `medium` at",
    'most, unless they end in a domain of the maker of the distribution.',
    '',
    `${DISTRIBUTIONS.length} distributions, ${DISTRIBUTIONS.flatMap(({ signals }) => signals).length} rules, ${fixtures.length} fixtures (${recorded} recorded from real servers and certificates, the others composed from the source that a rule cites), and ${verdicts.flatMap(({ gitVersions }) => gitVersions).length} real gitVersions.`,
    '',
    '| distribution | name | is built on | says the version | rules | fixtures recorded | composed | real versions |',
    '|---|---|---|---|---|---|---|---|',
    ...[...DISTRIBUTIONS].sort(byName).map(renderRow),
    '',
    '## Marks',
    '',
    ...[...DISTRIBUTIONS].sort(byName).flatMap(renderMarks),
    '## What is no API server',
    '',
    '| it is | source |',
    '|---|---|',
    ...LOOK_ALIKES.map(({ name, source }) => `| ${name} | ${toCell(source)} |`),
    '',
    '## The bracket of a silent server',
    '',
    'A first flight of TLS 1.2 in clear tells the Go release behind it, and that the minors which upstream built with it.',
    'The confidence is `medium`, and `low` for distributions that bring their own toolchain.',
    '',
    '| first flight | Go | minor | source |',
    '|---|---|---|---|',
    ...GO_BEHAVIOURS.map(({ name, firstGo, lastGo, source }) => {
      const { low, high } = bracketOf(name);
      return `| ${name} | ${renderRange(firstGo, lastGo)} | ${renderRange(low, high)} | ${toCell(source)} |`;
    }),
    '',
    '## Exposure',
    '',
    'The first line that holds counts; a component that is there without any of them is `present`.',
    '',
    '| component | request | level | evidence |',
    '|---|---|---|---|',
    ...COMPONENTS.flatMap((component) => {
      const { request, levels, notMeasured } = EXPOSURE_RULES[component];
      return [
        ...levels.map(
          ({ exposure, silence, evidence }) =>
            `| ${component} | \`${request}\` | ${exposure}${silence === undefined ? '' : `: ${silence}`} | ${toCell(evidence)} |`,
        ),
        ...notMeasured.map((what) => `| ${component} | \`${request}\` | *not measured* | ${toCell(what)} |`),
      ];
    }),
    '',
  ].join('\n');
}

function byName(a: Distribution, b: Distribution): number {
  return a.name < b.name ? -1 : 1;
}

function renderRow({ name, title, builtOn = [], versions, signals }: Distribution): string {
  const own = fixtures.filter(({ label }) => label === name);
  const recorded = own.filter(({ origin }) => origin.kind === 'recorded').length;
  const says =
    versions instanceof RegExp ? `\`${toCell(versions.source)}\`` : versions === 'any' ? 'any' : 'of upstream';
  const real = verdicts.filter(({ distribution }) => distribution === name).flatMap(({ gitVersions }) => gitVersions);
  const cells = [
    title,
    `\`${name}\``,
    builtOn.join(', '),
    says,
    signals.length,
    recorded,
    own.length - recorded,
    real.length,
  ];
  return `| ${cells.join(' | ')} |`;
}

function renderMarks({ name, title, note, signals }: Distribution): string[] {
  return [
    `### ${title}`,
    '',
    ...(note === undefined ? [] : [note, '']),
    '| rule | kind | confidence | on | source |',
    '|---|---|---|---|---|',
    ...signals.map(
      ({ name: rule, kind, confidence, source, components = ['kube-apiserver'] }) =>
        `| \`${name}/${rule}\` | ${kind} | ${kind === 'weak' ? 'weak' : confidence} | ${components.join(', ')} | ${toCell(source)} |`,
    ),
    '',
  ];
}

function bracketOf(name: string): { low?: string; high?: string } {
  const all = [true, false].flatMap((extendedMasterSecret) =>
    [true, false].flatMap((downgradeMark) =>
      [
        [0x804, 0x403, 0x401, 0x201],
        [0x403, 0x401, 0x201],
        [0x804, 0x403, 0x401],
      ].map((signatureAlgorithms) =>
        toBracket({
          component: 'kube-apiserver',
          port: 6443,
          issuers: [],
          flight: {
            tlsVersion: 'tls12',
            seenInClear: true,
            clientCertificate: 'asked',
            extendedMasterSecret,
            downgradeMark,
            signatureAlgorithms,
          },
        }),
      ),
    ),
  );
  return all.find((bracket) => bracket?.behaviour === name) ?? {};
}

function renderRange(low: string | undefined, high: string | undefined): string {
  if (low === high) return low ?? 'any';
  if (low === undefined) return `up to ${high}`;
  return high === undefined ? `${low} and later` : `${low} to ${high}`;
}

function toCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

it('docs/distributions.md says what the rules say', async () => {
  await expect(renderPage()).toMatchFileSnapshot('../../../../docs/distributions.md');
});
