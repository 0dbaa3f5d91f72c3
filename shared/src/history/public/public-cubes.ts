import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { errorCodeOf, KubecensusError } from '../../errors/index.ts';
import type { DuckDb } from '../duckdb.ts';
import { writeFileAtomically } from '../manifest-file.ts';
import { countPublicCells } from '../store/count-public-cells.ts';
import { SMALLEST_CELL, suppressCells } from './suppress-cells.ts';

export const publicCubeSchema = Type.Object({
  censusNumber: Type.Integer({ minimum: 1 }),
  asOf: Type.String({ maxLength: 40 }),
  /** When these numbers were told first; they never change. */
  toldAt: Type.String({ maxLength: 40 }),
  targetCount: Type.Integer({ minimum: 0 }),
  lookedAt: Type.Integer({ minimum: 0 }),
  cells: Type.Array(
    Type.Object({
      distribution: Type.Union([Type.String(), Type.Null()]),
      minor: Type.Union([Type.String(), Type.Null()]),
      count: Type.Integer({ minimum: SMALLEST_CELL }),
    }),
  ),
  /** Endpoints of all cells that are not told; null where there are too few to tell anything. */
  rest: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
  total: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
});

const fileSchema = Type.Object({ format: Type.Literal(1), cubes: Type.Array(publicCubeSchema) });
const fileValidator = Compile(fileSchema);

/** What everybody may know of one census: endpoints by distribution and minor, one partition, small cells hidden. */
export type PublicCube = Static<typeof publicCubeSchema>;

const FILE = 'public.json';

/** The first census first; none where nothing is told yet. @throws {KubecensusError} HISTORY_MANIFEST_UNREADABLE */
export async function readPublicCubes(home: string): Promise<PublicCube[]> {
  const file = path.join(home, FILE);
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (fileValidator.Check(value)) return value.cubes;
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return [];
    if (!(caught instanceof SyntaxError)) throw caught;
  }
  throw new KubecensusError(
    'HISTORY_MANIFEST_UNREADABLE',
    `${file} is none that this version reads; put it back from a copy: what was told once must not be told anew`,
  );
}

/**
 * Tells the censuses that were not told yet, from the tables of a publication. Later revisions of a census change nothing
 * here: whoever held one revision against the next would else see by how little they differ.
 */
export async function tellCensuses(
  db: DuckDb,
  home: string,
  censuses: readonly { censusNumber: number; asOf: string }[],
  toldAt: string,
): Promise<void> {
  const told = await readPublicCubes(home);
  const known = new Set(told.map(({ censusNumber }) => censusNumber));
  const cubes = [...told];
  for (const { censusNumber, asOf } of censuses) {
    if (known.has(censusNumber)) continue;
    const { cells, targetCount, lookedAt } = await countPublicCells(db, censusNumber);
    const suppressed = suppressCells(cells);
    cubes.push({
      censusNumber,
      asOf,
      toldAt,
      targetCount,
      lookedAt,
      cells: (suppressed?.cells ?? []).map(({ key, count }) => ({ ...key, count })),
      rest: suppressed?.rest ?? null,
      total: suppressed?.total ?? null,
    });
  }
  if (cubes.length === told.length) return;
  cubes.sort((a, b) => a.censusNumber - b.censusNumber);
  await writeFileAtomically(path.join(home, FILE), `${JSON.stringify({ format: 1, cubes }, null, 1)}\n`);
}
