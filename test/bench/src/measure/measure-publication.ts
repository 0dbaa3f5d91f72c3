import { loadavg } from 'node:os';
import type { Database } from '@kubecensus/shared/database';
import { type Manifest, publishHistory } from '@kubecensus/shared/history';
import type { Figure } from '../define-bench.ts';

const MB = 1_000_000;
/** Seconds of a publication, and megabytes of Parquet for a year of 1.5 million endpoints. */
const MOST_SECONDS = 60;
const MOST_MEGABYTES = 300;

/** Publishes a series into `directory` twice; figures are named `<bench>/publication`, `-again` and `<bench>/parquet`. */
export async function* measurePublication(
  bench: string,
  store: Database,
  seriesId: number,
  directory: string,
): AsyncGenerator<Figure> {
  const once = async () => {
    const begin = performance.now();
    const cpu = process.cpuUsage();
    const published = await publishHistory({ pool: store.pool('reader'), directory, series: seriesId });
    const { user, system } = process.cpuUsage(cpu);
    return { ...published, seconds: (performance.now() - begin) / 1000, cpu: (user + system) / 1e6 };
  };
  const first = await once();
  yield {
    name: `${bench}/publication`,
    value: first.seconds,
    unit: 's',
    runs: [first.seconds],
    limit: { of: 'value', atMost: MOST_SECONDS },
    note: `${first.cpu.toFixed(1)} s of CPU in the publishing process; load ${loadavg()[0]?.toFixed(1)}`,
  };
  const again = await once();
  yield {
    name: `${bench}/publication-again`,
    value: again.changed ? 1 : 0,
    unit: 'censuses changed by publishing the same record again',
    runs: [again.seconds],
    limit: { of: 'value', atMost: 0 },
  };
  yield toParquetFigure(bench, first.manifest);
}

export function toParquetFigure(bench: string, { files }: Manifest): Figure {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0) / MB;
  const intervals = files.find(({ table }) => table === 'endpoints')?.rows ?? 0;
  return {
    name: `${bench}/parquet`,
    value: bytes,
    unit: 'MB',
    runs: [bytes],
    limit: { of: 'value', atMost: MOST_MEGABYTES },
    note: `${intervals} intervals of endpoints`,
  };
}
