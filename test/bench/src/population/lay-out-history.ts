import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Publication, publishRecorded, RECORD_FILES } from '@kubecensus/shared/history';
import { toCsvRows } from './history-rows.ts';
import { type PopulationShape, simulate, toCensusDay } from './simulate.ts';

/** Of the one series that is published. */
const SERIES_ID = 1;

/**
 * The same population as in lay-out-record.ts, published without a record: a publication begins with the record's tables
 * as CSV, and these are written here instead.
 */
export async function layOutHistory(
  directory: string,
  shape: PopulationShape,
  say: (line: string) => void,
): Promise<Publication> {
  const home = path.join(directory, `series-${SERIES_ID}`);
  const work = path.join(directory, '.laid-out');
  await mkdir(home, { recursive: true });
  await mkdir(work, { recursive: true });
  try {
    for (const table of RECORD_FILES) {
      const rows = table === 'censuses' ? toCensusRows(shape) : toCsvRows(table, simulate(shape));
      await pipeline(Readable.from(toPieces(rows)), createWriteStream(path.join(work, `${table}.csv`)));
      say(`${table} as CSV`);
    }
    const censuses = Array.from({ length: shape.weeks }, (_, at) => ({
      censusNumber: at + 1,
      asOf: `${toCensusDay(at + 1)}T00:00:00.000Z`,
      revision: 1,
      revisionReason: 'completed',
    }));
    return await publishRecorded({ seriesId: SERIES_ID, name: 'bench', censuses, attributions: ['none'], work, home });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Characters handed over at once. */
const PIECE = 1 << 18;

function* toPieces(rows: Iterable<string>): Generator<string> {
  // The first line is a head, which nobody reads.
  let piece = '\n';
  for (const row of rows) {
    piece += `${row}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** Connects, losses, canaries and lags of a census. */
const NOT_MEASURED = Array.from({ length: 11 }, () => '');

function* toCensusRows({ weeks, endpoints }: PopulationShape): Generator<string> {
  for (let week = 1; week <= weeks; week += 1) {
    const day = toCensusDay(week);
    const targets = endpoints * 40;
    yield [week, day, day, day, targets, targets, 0, 0, ...NOT_MEASURED, true, 0, '{}'].join(',');
  }
}
