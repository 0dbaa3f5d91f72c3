import path from 'node:path';
import { KubecensusError } from '../errors/index.ts';
import { type DuckDb, openDuckDb, type Parameter, toSqlText } from './duckdb.ts';
import type { Manifest } from './manifest.ts';
import { listPublishedSeries, readManifest, readManifestState, toSeriesDirectory } from './manifest-file.ts';
import { type PublicCube, readPublicCubes } from './public/public-cubes.ts';
import { loadSpans, type Spans } from './spans/load-spans.ts';

export interface HistoryOptions {
  /** Of all histories, as given to publishHistory. */
  directory: string;
  threads?: number;
  memoryLimitMb?: number;
  /** After which a statement of a question is ended in the engine; never unless told. What is read once may take longer. */
  questionMs?: number;
}

/** One publication of one series, to be asked. Its manifest goes with every answer. */
export interface PublishedSeries {
  readonly manifest: Manifest;
  /** What everybody may know, census by census; the same for ever, whatever is revised. */
  publicCubes(): Promise<PublicCube[]>;
  /** A statement about `endpoints`, `hosts` and `censuses`: those names stand for this publication's files. */
  rows<Row>(sql: string, parameters?: readonly Parameter[]): Promise<Row[]>;
  stream<Row>(sql: string, parameters?: readonly Parameter[]): AsyncGenerator<Row[]>;
  /** All its intervals in memory; the first question reads them. */
  spans(): Promise<Spans>;
}

/** Published histories, open for questions. Each question sees one publication from its beginning to its end. */
export interface History {
  /** What is published, without opening it; of a series whose censuses are forgotten, that there is none. */
  list(): Promise<Manifest[]>;
  /**
   * The newest publication of a series (by name or number); without one, of the series whose last census is the latest.
   * @throws {KubecensusError} HISTORY_NOT_PUBLISHED
   */
  series(series?: string | number): Promise<PublishedSeries>;
  close(): Promise<void>;
}

export async function openHistory(options: HistoryOptions): Promise<History> {
  const { directory } = options;
  let opening: Promise<DuckDb> | undefined;
  let loads = 0;
  const manifests = new Map<number, { manifest: Manifest; state: string | undefined }>();
  const loaded = new Map<number, { manifest: Manifest; spans: Promise<Spans>; before: Promise<Spans> | undefined }>();

  // Opened with the first question: a command that only lists needs no engine.
  const open = () => {
    opening ??= openDuckDb({
      directories: [directory],
      threads: options.threads ?? 2,
      memoryLimitMb: options.memoryLimitMb ?? 512,
    });
    return opening;
  };

  /** The same object as long as it is the same publication; read again only where its file is another one. */
  async function readKept(seriesId: number): Promise<Manifest | undefined> {
    const home = toSeriesDirectory(directory, seriesId);
    const state = await readManifestState(home);
    const known = manifests.get(seriesId);
    if (known !== undefined && known.state === state) return known.manifest;
    const read = await readManifest(home);
    // Whoever read it meanwhile has an object of it already.
    const before = manifests.get(seriesId)?.manifest;
    const isSame = before?.revision === read?.revision && before?.publishedAt === read?.publishedAt;
    const manifest = isSame ? before : read;
    if (manifest === undefined) manifests.delete(seriesId);
    else manifests.set(seriesId, { manifest, state });
    return manifest;
  }

  /** Of the newest publication asked for. Questions about the one before may be under way; older ones are over. */
  function toSpans(db: DuckDb, manifest: Manifest): Promise<Spans> {
    const present = loaded.get(manifest.seriesId);
    if (present?.manifest === manifest) return present.spans;
    const file = manifest.files.find(({ table }) => table === 'endpoints');
    if (file === undefined) throw new TypeError(`the manifest of series ${manifest.series} names no endpoints`);
    const from = `read_parquet(${toSqlText(path.join(toSeriesDirectory(directory, manifest.seriesId), file.path))})`;
    loads += 1;
    const name = `spans_${loads}`;
    const asked = options.questionMs === undefined ? db : db.within(options.questionMs);
    const spans = loadSpans(db, asked, from, name);
    const entry = { manifest, spans, before: present?.spans };
    loaded.set(manifest.seriesId, entry);
    // What failed is tried again by the next question.
    spans.catch(() => loaded.delete(manifest.seriesId));
    present?.before?.then((older) => older.release()).catch(() => undefined);
    return spans;
  }

  async function list(): Promise<Manifest[]> {
    const ids = await listPublishedSeries(directory);
    const read = await Promise.all(ids.map(readKept));
    return read.filter((manifest) => manifest !== undefined);
  }

  async function findManifest(series: string | number | undefined): Promise<Manifest> {
    const published = (await list()).filter(({ censuses }) => censuses.length > 0);
    const found =
      series === undefined
        ? published.sort((a, b) => lastAsOf(b).localeCompare(lastAsOf(a)))[0]
        : (published.find(({ series: name }) => name === series) ??
          published.find(({ seriesId }) => String(seriesId) === String(series)));
    if (found !== undefined) return found;
    const what = series === undefined ? 'no series is' : `series ${series} is not`;
    throw new KubecensusError(
      'HISTORY_NOT_PUBLISHED',
      `${what} published; \`kubecensus history rebuild\` publishes what the record has of it`,
    );
  }

  return {
    list,
    async series(series) {
      const manifest = await findManifest(series);
      const db = await open();
      const asked = options.questionMs === undefined ? db : db.within(options.questionMs);
      const toSql = (sql: string) => `${toScope(directory, manifest)} ${sql}`;
      return {
        manifest,
        publicCubes: () => readPublicCubes(toSeriesDirectory(directory, manifest.seriesId)),
        rows: (sql, parameters) => asked.rows(toSql(sql), parameters),
        stream: (sql, parameters) => db.stream(toSql(sql), parameters),
        spans: async () => await toSpans(db, manifest),
      };
    },
    async close() {
      if (opening === undefined) return;
      (await opening).close();
    },
  };
}

function lastAsOf({ censuses }: Manifest): string {
  return censuses.at(-1)?.asOf ?? '';
}

/** Gives the tables' names to the publication's files, for one statement: a statement begins with what it is WITH. */
function toScope(directory: string, manifest: Manifest): string {
  const home = toSeriesDirectory(directory, manifest.seriesId);
  const tables = manifest.files.map(
    (file) => `${file.table} AS NOT MATERIALIZED (FROM read_parquet(${toSqlText(path.join(home, file.path))}))`,
  );
  return `WITH ${tables.join(', ')}`;
}
