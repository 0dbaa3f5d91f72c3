import { GO_RELEASES_TSV } from './go-releases-table.ts';
import { assertUnique, readTable } from './read-table.ts';
import { compareMinorVersions } from './version.ts';

/** Go minors that upstream built one Kubernetes minor with. */
export interface GoRelease {
  readonly minor: string;
  /** Of its first release; it also sets the defaults that later toolchains keep for it. */
  readonly firstGo: string;
  /** Of its last patch. */
  readonly lastGo: string;
  readonly source: string;
  readonly asOf: string;
}

const COLUMNS = ['minor', 'first_go', 'last_go', 'source', 'as_of'];

/** In the order of minors. @throws TableError */
export function parseGoReleases(text: string): readonly GoRelease[] {
  const rows = readTable('go releases', text, COLUMNS);
  assertUnique(rows, (row) => row.minor('minor'));
  return rows
    .map((row): GoRelease => {
      const [firstGo, lastGo] = [row.minor('first_go'), row.minor('last_go')];
      if (compareMinorVersions(lastGo, firstGo) < 0)
        row.fail(`"last_go" (${lastGo}) is before "first_go" (${firstGo})`);
      return {
        minor: row.minor('minor'),
        firstGo,
        lastGo,
        source: row.required('source'),
        asOf: row.requiredDay('as_of'),
      };
    })
    .sort((a, b) => compareMinorVersions(a.minor, b.minor));
}

let builtIn: readonly GoRelease[] | undefined;

/** The table that comes with this version; read at the first call. */
export function builtInGoReleases(): readonly GoRelease[] {
  builtIn ??= parseGoReleases(GO_RELEASES_TSV);
  return builtIn;
}
