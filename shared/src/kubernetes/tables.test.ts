import { describe, expect, it } from 'vitest';
import { builtInAdvisories, parseAdvisories } from './advisories.ts';
import { ADVISORIES_TSV } from './advisories-table.ts';
import { builtInGoReleases, parseGoReleases } from './go-releases.ts';
import { GO_RELEASES_TSV } from './go-releases-table.ts';
import { MAX_TABLE_BYTES, MAX_TABLE_ROWS, readTable } from './read-table.ts';
import { builtInReleases, parseReleases } from './releases.ts';
import { RELEASES_TSV } from './releases-table.ts';
import { builtInSupportWindows, parseSupportWindows } from './support-windows.ts';
import { SUPPORT_WINDOWS_TSV } from './support-windows-table.ts';
import { TableError } from './table-error.ts';
import { compareMinorVersions } from './version.ts';

const RELEASE = 'minor\treleased_on\tmaintenance_on\tends_on\tlatest_patch\tsource\tas_of';
const WINDOW = 'distribution\tminor\tproduct\treleased_on\tmaintenance_on\tends_on\textended_until\tsource\tas_of';
const GO = 'minor\tfirst_go\tlast_go\tsource\tas_of';
const ADVISORY = 'id\tcomponent\taffected\tfixed\tseverity\tcvss\tneeds\ttitle\tsource\tas_of';

describe('the tables that come with the program', () => {
  it('are read, each row with its source and its day', () => {
    const rows = [
      ...builtInReleases().values(),
      ...builtInSupportWindows().values(),
      ...builtInGoReleases(),
      ...builtInAdvisories(),
    ];
    expect(rows.length).toBeGreaterThan(200);
    for (const { source, asOf } of rows) {
      expect(source).not.toBe('');
      expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  it('know every minor without a gap', () => {
    for (const minors of [[...builtInReleases().keys()], builtInGoReleases().map(({ minor }) => minor)]) {
      const numbers = minors.sort(compareMinorVersions).map((minor) => Number(minor.slice(2)));
      expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    }
  });

  it('survive line ends of another system', () => {
    expect(parseReleases(RELEASES_TSV.replaceAll('\n', '\r\n'))).toEqual(parseReleases(RELEASES_TSV));
  });
});

describe('a bad table is refused with its line and the reason:', () => {
  it.each<[string, (text: string) => unknown, string, number, RegExp]>([
    ['an empty file', parseReleases, '', 1, /column "minor", "released_on".* is missing/],
    ['another header', parseReleases, 'a\tb\n1\t2\n', 1, /is missing/],
    ['a column too many', parseReleases, `${RELEASE}\tmore\n`, 1, /8 columns, not 7/],
    ['no rows', parseReleases, `${RELEASE}\n`, 1, /no rows/],
    ['a short row', parseReleases, `${RELEASE}\n1.29\t2023-12-13\n`, 2, /2 fields under 7 columns/],
    ['a minor that is none', parseReleases, `${RELEASE}\n1.29.3\t\t\t\t\ts\t2026-01-01\n`, 2, /not a minor/],
    [
      'a day that is none',
      parseReleases,
      `${RELEASE}\n1.29\t2023-02-30\t\t\t\ts\t2026-01-01\n`,
      2,
      /"2023-02-30", not a day/,
    ],
    [
      'an end before the release',
      parseReleases,
      `${RELEASE}\n1.29\t2023-12-13\t\t2022-02-28\t\ts\t2026-01-01\n`,
      2,
      /"ends_on" \(2022-02-28\) is before "released_on"/,
    ],
    [
      'a patch of another minor',
      parseReleases,
      `${RELEASE}\n1.29\t\t\t\t1.28.3\ts\t2026-01-01\n`,
      2,
      /"1.28.3" is no patch of 1.29/,
    ],
    [
      'a minor twice',
      parseReleases,
      `${RELEASE}\n1.29\t\t\t\t\ts\t2026-01-01\n1.29\t\t\t\t\ts\t2026-01-01\n`,
      3,
      /"1.29" is already in line 2/,
    ],
    ['no source', parseReleases, `${RELEASE}\n1.29\t\t\t\t\t\t2026-01-01\n`, 2, /"source" is empty/],
    ['no day of compilation', parseReleases, `${RELEASE}\n1.29\t\t\t\t\ts\t\n`, 2, /"as_of" is empty/],
    [
      'a window without an end',
      parseSupportWindows,
      `${WINDOW}\neks\t1.29\t\t2024-01-23\t\t\t\ts\t2026-01-01\n`,
      2,
      /"ends_on" is empty/,
    ],
    [
      'extended support that ends first',
      parseSupportWindows,
      `${WINDOW}\neks\t1.29\t\t2024-01-23\t\t2025-03-23\t2025-01-01\ts\t2026-01-01\n`,
      2,
      /"extended_until" \(2025-01-01\) is before "ends_on"/,
    ],
    [
      'a window twice',
      parseSupportWindows,
      `${WINDOW}\n${'eks\t1.29\t\t2024-01-23\t\t2025-03-23\t\ts\t2026-01-01\n'.repeat(2)}`,
      3,
      /"eks 1.29" is already in line 2/,
    ],
    [
      'Go releases out of order',
      parseGoReleases,
      `${GO}\n1.29\t1.22\t1.21\ts\t2026-01-01\n`,
      2,
      /"last_go" \(1.21\) is before "first_go" \(1.22\)/,
    ],
    [
      'an unknown component',
      parseAdvisories,
      `${ADVISORY}\nCVE-1\tkube-dns\t1.0.0..1.0.1\t\tlow\t\t\t\ts\t2026-01-01\n`,
      2,
      /"kube-dns" is no component/,
    ],
    [
      'an unknown severity',
      parseAdvisories,
      `${ADVISORY}\nCVE-1\tkubelet\t1.0.0..1.0.1\t\tsevere\t\t\t\ts\t2026-01-01\n`,
      2,
      /"severe" is no severity/,
    ],
    [
      'a range that is none',
      parseAdvisories,
      `${ADVISORY}\nCVE-1\tkubelet\t1.0.0-1.0.1\t\tlow\t\t\t\ts\t2026-01-01\n`,
      2,
      /"1.0.0-1.0.1" is no range/,
    ],
    [
      'a range that ends first',
      parseAdvisories,
      `${ADVISORY}\nCVE-1\tkubelet\t1.0.1..1.0.0\t\tlow\t\t\t\ts\t2026-01-01\n`,
      2,
      /ends before it begins/,
    ],
    [
      'a fix that is no version',
      parseAdvisories,
      `${ADVISORY}\nCVE-1\tkubelet\t1.0.0..1.0.1\tsoon\tlow\t\t\t\ts\t2026-01-01\n`,
      2,
      /"soon", not a version/,
    ],
  ])('%s', (_, parse, text, line, reason) => {
    let refused: unknown;
    try {
      parse(text);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(TableError);
    expect(refused).toMatchObject({ code: 'KUBERNETES_TABLE_MALFORMED', line, message: expect.stringMatching(reason) });
    expect(String(refused)).toContain(`line ${line}`);
  });

  it('a table cut anywhere is refused, or is a whole shorter table', () => {
    for (const [text, parse] of [
      [RELEASES_TSV, parseReleases],
      [SUPPORT_WINDOWS_TSV, parseSupportWindows],
      [GO_RELEASES_TSV, parseGoReleases],
      [ADVISORIES_TSV, parseAdvisories],
    ] as const) {
      for (let length = 0; length < text.length; length += 211) {
        const cut = text.slice(0, length);
        if (cut.endsWith('\n') || text[length] === '\n') continue;
        expect(() => parse(cut), cut.slice(-40)).toThrow(TableError);
      }
    }
  });

  it('a table over its caps', () => {
    const rows = (count: number): string => `a\n${'1\n'.repeat(count)}`;
    expect(readTable('t', rows(MAX_TABLE_ROWS), ['a'])).toHaveLength(MAX_TABLE_ROWS);
    expect(() => readTable('t', rows(MAX_TABLE_ROWS + 1), ['a'])).toThrow(/more than 5000 rows/);
    expect(() => readTable('t', `a\n${'x'.repeat(MAX_TABLE_BYTES)}`, ['a'])).toThrow(/longer than/);
    expect(readTable('t', `a\n${'x'.repeat(MAX_TABLE_BYTES - 2)}`, ['a'])).toHaveLength(1);
  });
});
