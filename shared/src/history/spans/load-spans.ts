import type { DuckDb } from '../duckdb.ts';
import { ASPECT_NAMES, ASPECTS, type AspectName, toAspectColumn } from './aspects.ts';
import { type Hosts, readHosts } from './hosts.ts';

/** Intervals column by column, in the order of one group of them (an address, or a cluster), then of their begin. */
export interface SpanColumns {
  readonly length: number;
  /** The last census in which any of them ends. */
  readonly lastCensus: number;
  /** What is counted once however many of its intervals meet a question. */
  readonly group: Int32Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly aspects: Readonly<Record<AspectName, Int32Array>>;
  readonly host: Int32Array;
  /** Numbers of the record. */
  readonly evidenceId?: Float64Array;
}

/** The intervals of one publication in memory: 50 bytes each and a little for their combinations. */
export interface Spans extends SpanColumns {
  readonly endpointId: Float64Array;
  readonly evidenceId: Float64Array;
  readonly hosts: Hosts;
  /** Combinations of each aspect. */
  readonly sizes: Readonly<Record<AspectName, number>>;
  /** Ids of combinations in which a condition of ours over the aspect's columns holds. */
  select(
    aspect: AspectName,
    condition: string,
    parameters: readonly (string | number | boolean | null)[],
  ): Promise<Int32Array>;
  /** Rows of the aspect's combinations, in their order. */
  read<Row>(aspect: AspectName, expressions: string): Promise<Row[]>;
  /** The same intervals in the order of their clusters; those of no cluster are left out. */
  byCluster(): Promise<SpanColumns>;
  release(): Promise<void>;
}

/**
 * Reads the intervals of a file of `endpoints`. The small tables of combinations stay in the engine, where conditions are
 * worked out.
 * @param from the file, as a table function of ours
 * @param name of this publication, and of no other that is open
 */
export async function loadSpans(db: DuckDb, from: string, name: string): Promise<Spans> {
  const sizes = {} as Record<AspectName, number>;
  const toTable = (aspect: AspectName) => `${name}_${aspect}`;
  for (const aspect of ASPECT_NAMES) {
    const column = toAspectColumn(aspect);
    await db.rows(
      `CREATE OR REPLACE TABLE ${toTable(aspect)} AS
       SELECT DISTINCT ${column} AS number, ${ASPECTS[aspect].join(', ')} FROM ${from} ORDER BY number`,
    );
    const [counted] = await db.rows<{ n: number }>(`SELECT count(*)::DOUBLE AS n FROM ${toTable(aspect)}`);
    sizes[aspect] = counted?.n ?? 0;
  }
  const columns = ['host_number', 'first_census', 'last_census', ...ASPECT_NAMES.map(toAspectColumn)];
  const [host, first, last, ...numbers] = await db.integers(
    `SELECT ${columns.join(', ')} FROM ${from}`,
    columns.length,
  );
  const [endpointId, evidenceId] = await db.doubles(`SELECT endpoint_id::DOUBLE, evidence_id::DOUBLE FROM ${from}`, 2);
  const parts = { host, first, last, endpointId, evidenceId };
  const aspects = Object.fromEntries(ASPECT_NAMES.map((aspect, at) => [aspect, numbers[at]])) as Spans['aspects'];
  const { host: hosts, ...whole } = assertWhole(parts);
  const lastCensus = whole.last.reduce((latest, census) => Math.max(latest, census), 0);
  const columnsByHost = { length: hosts.length, lastCensus, group: hosts, host: hosts, aspects, ...whole };
  let byCluster: Promise<SpanColumns> | undefined;
  return {
    ...columnsByHost,
    hosts: await readHosts(db, from),
    sizes,
    async select(aspect, condition, parameters) {
      const [found = new Int32Array()] = await db.integers(
        `SELECT number FROM ${toTable(aspect)} WHERE ${condition}`,
        1,
        parameters,
      );
      return found;
    },
    read: async (aspect, expressions) => await db.rows(`SELECT ${expressions} FROM ${toTable(aspect)} ORDER BY number`),
    byCluster() {
      byCluster ??= (async () => {
        const none = await db.integers(`SELECT number FROM ${toTable('cluster')} WHERE cluster IS NULL`, 1);
        return orderByCluster(columnsByHost, none[0]?.[0] ?? -1);
      })();
      return byCluster;
    },
    async release() {
      for (const aspect of ASPECT_NAMES) await db.rows(`DROP TABLE IF EXISTS ${toTable(aspect)}`);
    },
  };
}

function assertWhole<T extends Record<string, unknown>>(parts: T): { [K in keyof T]: NonNullable<T[K]> } {
  for (const [name, part] of Object.entries(parts)) {
    if (part === undefined) throw new TypeError(`the engine gave no column ${name}`);
  }
  return parts as { [K in keyof T]: NonNullable<T[K]> };
}

function orderByCluster(spans: SpanColumns, none: number): SpanColumns {
  const cluster = spans.aspects.cluster;
  const { first } = spans;
  const order = new Uint32Array(spans.length);
  let length = 0;
  for (let at = 0; at < spans.length; at += 1) {
    if (cluster[at] !== none) order[length++] = at;
  }
  const chosen = order
    .subarray(0, length)
    .sort((a, b) => (cluster[a] as number) - (cluster[b] as number) || (first[a] as number) - (first[b] as number));
  const gather = (column: Int32Array) => Int32Array.from(chosen, (at) => column[at] as number);
  const aspects = Object.fromEntries(ASPECT_NAMES.map((aspect) => [aspect, gather(spans.aspects[aspect])]));
  return {
    length,
    lastCensus: spans.lastCensus,
    group: gather(cluster),
    host: gather(spans.host),
    first: gather(first),
    last: gather(spans.last),
    aspects: aspects as SpanColumns['aspects'],
  };
}
