import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeMmdb } from '../../../test/support/mmdb.ts';
import { GO_RELEASES_TSV } from '../kubernetes/go-releases-table.ts';
import { putInForce, tablesInForce, toFreshness } from '../kubernetes/index.ts';
import { RELEASES_TSV } from '../kubernetes/releases-table.ts';
import { ADDRESS_TABLES, readBuiltIn } from './address-tables.ts';
import { listTables, openPlaceTables, putKubernetesTablesInForce, refreshTable, removeTable } from './index.ts';

let directory: string;
let tables: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-tables-'));
  tables = path.join(directory, 'tables');
});
afterEach(async () => {
  putInForce({});
  await rm(directory, { recursive: true, force: true });
});

/** Of a day in the future of every table that comes with the program, unless told. */
async function refresh(table: string, name: string, content: string | Buffer, about: Record<string, string> = {}) {
  const file = path.join(directory, name);
  await writeFile(file, content);
  await utimes(file, new Date(), new Date('2027-01-15T12:00:00Z'));
  return await refreshTable({ directory: tables, table, file, ...about });
}

const CYCLES = [
  { cycle: '1.38', releaseDate: '2026-12-16', support: '2027-12-28', eol: '2028-02-28', latest: '1.38.0' },
  { cycle: '1.37', releaseDate: '2026-08-26', support: '2027-08-28', eol: '2027-10-28', latest: '1.37.4', lts: false },
];

describe('a table is refreshed from its official file:', () => {
  it('end of life of upstream, in both versions of the API', async () => {
    const v1 = {
      schema_version: '1.2.0',
      result: {
        name: 'kubernetes',
        releases: CYCLES.map(({ cycle, releaseDate, support, eol, latest }) => ({
          name: cycle,
          releaseDate,
          eoasFrom: support,
          eolFrom: eol,
          latest: { name: latest },
        })),
      },
    };
    for (const document of [CYCLES, v1]) {
      const entry = await refresh('releases', 'kubernetes.json', JSON.stringify(document, null, 2));
      expect(entry).toMatchObject({ asOf: '2027-01-15', source: 'kubernetes.json' });
      await putKubernetesTablesInForce(tables);
      expect(tablesInForce.releases.get('1.37')).toMatchObject({ latestPatch: '1.37.4', endsOn: '2027-10-28' });
      expect(toFreshness('1.38', 'kubeadm', '2027-02-01').state).toBe('supported');
      // What the file does not name stays.
      expect(tablesInForce.releases.get('1.29')?.endsOn).toBe('2025-02-28');
    }
  });

  it('a vendor’s windows', async () => {
    const eks = [{ cycle: '1.36', releaseDate: '2026-09-01', eol: '2027-11-01', extendedSupport: '2028-11-01' }];
    await refresh('support-windows', 'amazon-eks.json', JSON.stringify(eks));
    const openshift = [{ cycle: '4.22', releaseDate: '2026-07-01', support: false, eol: '2028-01-01' }];
    await refresh('support-windows', 'x.json', JSON.stringify(openshift), { product: 'red-hat-openshift' });
    await putKubernetesTablesInForce(tables);
    expect(tablesInForce.windows.get('eks 1.36')).toMatchObject({
      extendedUntil: '2028-11-01',
      source: 'amazon-eks.json',
    });
    expect(tablesInForce.windows.get('openshift 1.35')).toMatchObject({ product: '4.22', endsOn: '2028-01-01' });
  });

  it('Go releases from a change log of upstream', async () => {
    const log = [
      '# v1.38.1\n\n## Changes by Kind\n- Kubernetes is now built with Go 1.27.2 ([#1](https://x))',
      '# v1.38.0\n\nnothing of it',
      '# v1.38.0-beta.0\n- Kubernetes is now built with Go `1.26.9`',
    ].join('\n\n');
    await refresh('go-releases', 'CHANGELOG-1.38.md', log);
    await putKubernetesTablesInForce(tables);
    expect(tablesInForce.goReleases.at(-1)).toMatchObject({ minor: '1.38', firstGo: '1.26', lastGo: '1.27' });
  });

  it('advisories from OSV, one a line', async () => {
    const osv = (id: string, summary: string, fixed: string) =>
      JSON.stringify({
        id,
        summary,
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N' }],
        affected: [
          { ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed }, { introduced: '1.37.0' }] }] },
        ],
      });
    const lines = [
      osv('CVE-2027-0001', 'kube-apiserver forgets', '1.36.9'),
      osv('CVE-2027-0002', 'kubectl cp', '1.36.9'),
    ];
    await refresh('advisories', 'all.json', `${lines.join('\n')}\n`);
    await putKubernetesTablesInForce(tables);
    const advisory = tablesInForce.advisories.find(({ id }) => id === 'CVE-2027-0001');
    expect(advisory).toMatchObject({ component: 'kube-apiserver', fixedIn: ['1.36.9'] });
    expect(advisory?.affected).toHaveLength(2);
    expect(tablesInForce.advisories.some(({ id }) => id === 'CVE-2027-0002')).toBe(false);
  });

  it('ranges and a MaxMind DB of the operator’s own', async () => {
    await refresh('own-lab', 'lab.csv', 'prefix,asn,as_name,country,provider\n127.0.0.0/9,64500,Lab,DE,labcloud\n');
    await refresh('own-mmdb', 'x.mmdb', writeMmdb({ records: { '127.128.0.0/9': { country_code: 'FR' } } }));
    const places = await openPlaceTables(tables);
    expect(places.findText('127.0.0.1')).toEqual({ asn: 64500, asName: 'Lab', country: 'DE', provider: 'labcloud' });
    expect(places.findText('127.200.0.1')).toEqual({ country: 'FR' });
    expect(places.sources.slice(0, 2)).toMatchObject([
      { table: 'own-lab', asOf: '2027-01-15' },
      { table: 'own-mmdb', asOf: '2026-10-01' },
    ]);
  });

  it('a table of our own columns, whole, and what came with the program is in force again once it is forgotten', async () => {
    await refresh(
      'releases',
      'releases.tsv',
      RELEASES_TSV.replaceAll('2026-11-21', '2027-01-01').replaceAll('\n', '\r\n'),
    );
    expect((await listTables(tables)).find(({ table }) => table === 'releases')).toMatchObject({
      asOf: '2027-01-01',
      isRefreshed: true,
    });
    expect(await removeTable(tables, 'releases')).toBe(true);
    expect(await removeTable(tables, 'releases')).toBe(false);
    expect(await readdir(tables)).toEqual([]);
  });
});

describe('a bad file is refused with its line and the reason, and the old table stays in force:', () => {
  const ASN = '192.0.2.0,192.0.2.255,64500,A\n';
  const asnIpv4 = () => readBuiltIn(ADDRESS_TABLES[0] ?? expect.fail());
  const NAMED = { product: 'amazon-eks' };
  it.each<[string, string, string, () => string | Buffer, RegExp, Record<string, string>?]>([
    [
      'wrong columns',
      'releases',
      'x.tsv',
      () => 'minor\tend\n1.29\t2025-02-28\n',
      /line 1: column "released_on".* is missing/,
    ],
    ['no table at all', 'releases', 'x.tsv', () => '<!doctype html>', /line 1: column .* is missing/],
    [
      'an end before the release',
      'releases',
      'x.tsv',
      () => RELEASES_TSV.replace('1.29	2023-12-13', '1.29	2025-12-13'),
      /line 29: "maintenance_on" \(2024-12-28\) is before "released_on" \(2025-12-13\)/,
    ],
    [
      'an end before the release, in the official form',
      'releases',
      'kubernetes.json',
      () => JSON.stringify([{ ...CYCLES[0], eol: '2026-01-01', support: false }], null, 1),
      /line \d+: "ends_on" \(2026-01-01\) is before "released_on"/,
    ],
    [
      'rows of an earlier day',
      'releases',
      'x.tsv',
      () => RELEASES_TSV.replaceAll('2026-11-21', '2026-11-20'),
      /line 2: is of 2026-11-20, and the row in force of 2026-11-21: the file is older/,
    ],
    [
      'rows that are missing',
      'releases',
      'x.tsv',
      () => RELEASES_TSV.split('\n').slice(0, -3).join('\n'),
      /line \d+: has no row of 1\.3\d, .* it is older, or cut off/,
    ],
    [
      'an older patch',
      'releases',
      'kubernetes.json',
      () => `[\n{"cycle":"1.34","latest":"1.34.2"}]`,
      /line 2: knows 1\.34\.2 as the last patch, and the row in force 1\.34\.11/,
    ],
    [
      'an earlier day than that in force',
      'releases',
      'kubernetes.json',
      () => JSON.stringify(CYCLES),
      /line 1: is of 2026-01-01, and the row in force of 2026-11-21/,
      { date: '2026-01-01' },
    ],
    ['JSON that is cut off', 'releases', 'kubernetes.json', () => '[\n{"cycle":"1.38",', /line 2: no JSON, or cut off/],
    [
      'another product',
      'releases',
      'amazon-eks.json',
      () => JSON.stringify(CYCLES),
      /line 1: is of the product "amazon-eks"/,
    ],
    [
      'a day that is none',
      'support-windows',
      'x.json',
      () => '[\n{"cycle":"1.38","eol":"soon"}]',
      /line 2: "eol" is "soon", not a day/,
      NAMED,
    ],
    [
      'a product nobody knows',
      'support-windows',
      'x.json',
      () => JSON.stringify(CYCLES),
      /line 1: is of the product "x"; name it with --product/,
    ],
    [
      'a change log that is cut off',
      'go-releases',
      'CHANGELOG-1.38.md',
      () => '# v1.38.1\n- built with Go 1.27.2\n',
      /line 3: has no heading of v1\.38\.0/,
    ],
    [
      'a change log of two minors',
      'go-releases',
      'CHANGELOG-1.38.md',
      () => '# v1.38.0\n# v1.37.9\n',
      /line 2: is of 1\.37 in a change log of 1\.38/,
    ],
    [
      'Go releases out of order',
      'go-releases',
      'x.tsv',
      () => GO_RELEASES_TSV.replace('1.29	1.21	1.23', '1.29	1.21	1.20'),
      /line 24: "last_go" \(1\.20\) is before "first_go"/,
    ],
    [
      'advisories without versions',
      'advisories',
      'x.json',
      () => '{"id":"CVE-2027-1","summary":"kubelet"}',
      /line 1: names none of/,
    ],
    [
      'an advisory with a bad version',
      'advisories',
      'x.json',
      () => '[\n{"id":"CVE-2027-1","summary":"kubelet","affected":[{"ranges":[{"events":[{"introduced":"now"}]}]}]}]',
      /line 2: "now" is no version/,
    ],
    [
      'a truncated MMDB',
      'country',
      'x.mmdb',
      () => writeMmdb({ records: { '8.0.0.0/8': { country_code: 'US' } } }).subarray(0, 200),
      /byte 200: is no MaxMind DB, or cut off/,
    ],
    [
      'an MMDB without its middle',
      'country',
      'x.mmdb',
      () => cutMiddle(writeMmdb({ records: { '8.0.0.0/8': { country_code: 'US' } }, builtOn: '2027-01-01' })),
      /byte \d+: /,
    ],
    [
      'an older MMDB',
      'country',
      'x.mmdb',
      () => writeMmdb({ records: { '8.0.0.0/8': { country_code: 'US' } }, builtOn: '2020-01-01' }),
      /line 1: the file is of 2020-01-01, and the table in force of 20/,
    ],
    [
      'an MMDB of a handful of ranges',
      'country',
      'x.mmdb',
      () => writeMmdb({ records: { '8.0.0.0/8': { country_code: 'US' } }, builtOn: '2027-01-01' }),
      /only 1 ranges, and the table in force has \d{6}: is it cut off\?/,
    ],
    [
      'routes cut in a line',
      'asn-ipv4',
      'x.csv',
      () => asnIpv4().subarray(0, 10_000_000),
      /line \d+: the last line has no end: the file is cut off/,
    ],
    ['routes cut at a line’s end', 'asn-ipv4', 'x.csv', () => ASN, /only 1 ranges/],
    ['routes of the other family', 'asn-ipv6', 'x.csv', () => ASN, /has addresses of IPv4/],
    ['three columns', 'asn-ipv4', 'x.csv', () => `${ASN}192.0.3.0,192.0.3.255,64500\n`, /line 2: not four columns/],
    ['routes out of order', 'asn-ipv4', 'x.csv', () => `${ASN}192.0.1.0,192.0.1.255,64500,B\n`, /line 2: /],
    [
      'a number that is none',
      'asn-ipv4',
      'x.csv',
      () => `${ASN}192.0.3.0,192.0.3.255,4294967296,B\n`,
      /line 2: "4294967296" is no number/,
    ],
    ['no file of a table', 'nodes', 'x.csv', () => ASN, /there is no table "nodes"; there is releases, /],
    ['a path as the name of a table', 'own-../x', 'x.csv', () => ASN, /there is no table/],
  ])('%s', async (_, table, name, content, reason, about = {}) => {
    const before = await listTables(tables);
    await expect(refresh(table, name, content(), about)).rejects.toThrow(reason);
    expect(await listTables(tables)).toEqual(before);
  });

  it('of a table that was refreshed before, the refreshed one', async () => {
    await refresh('releases', 'kubernetes.json', JSON.stringify(CYCLES), { date: '2027-01-10' });
    const older = refresh('releases', 'kubernetes.json', JSON.stringify(CYCLES), { date: '2027-01-09' });
    await expect(older).rejects.toThrow(/the row in force of 2027-01-10/);
    await putKubernetesTablesInForce(tables);
    expect(tablesInForce.releases.get('1.38')?.asOf).toBe('2027-01-10');
  });

  it('a file that is not there, and a kept table whose bytes were changed', async () => {
    const missing = refreshTable({ directory: tables, table: 'releases', file: path.join(directory, 'none') });
    await expect(missing).rejects.toMatchObject({ code: 'TABLE_FILE_UNREADABLE' });
    const entry = await refresh('releases', 'kubernetes.json', JSON.stringify(CYCLES));
    const file = path.join(tables, entry.file);
    await writeFile(file, (await readFile(file, 'utf8')).replace('1.29', '1.92'));
    await expect(putKubernetesTablesInForce(tables)).rejects.toMatchObject({ code: 'TABLE_UNUSABLE' });
    await removeTable(tables, 'releases');
    await putKubernetesTablesInForce(tables);
    expect(tablesInForce.releases.has('1.29')).toBe(true);
  });
});

function cutMiddle(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, 60), bytes.subarray(160)]);
}
