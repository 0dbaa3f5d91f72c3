import type { Publication } from '@kubecensus/shared/history';

/** A publication in a few lines: what it covers, and how large its files are. */
export function toPublicationText({ manifest }: Publication): string {
  const { series, revision, publishedAt, censuses, superseded, files } = manifest;
  const first = censuses[0];
  const last = censuses.at(-1);
  const span =
    first === undefined || last === undefined
      ? 'no census'
      : `censuses ${first.censusNumber} to ${last.censusNumber}, ${first.asOf.slice(0, 10)} to ${last.asOf.slice(0, 10)}`;
  const revised = superseded.length === 0 ? '' : `, ${superseded.length} superseded`;
  const lines = files.map(
    ({ table, rows, bytes }) => `  ${table.padEnd(10)} ${rows} rows, ${Math.ceil(bytes / 1024)} KiB\n`,
  );
  return `series ${series}, publication ${revision} of ${publishedAt}: ${span}${revised}\n${lines.join('')}`;
}
