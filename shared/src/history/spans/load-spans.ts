import type { Parameter, Statements } from '../duckdb.ts';
import { ASPECT_NAMES, ASPECTS, type AspectName, toAspectColumn } from './aspects.ts';
import { type Hosts, readHosts } from './hosts.ts';
import { createNumbers, type Numbers } from './numbers.ts';
import { type Divided, divide } from './segments.ts';

/** Intervals column by column. */
export interface SpanColumns {
  readonly length: number;
  readonly first: Numbers;
  readonly last: Numbers;
  readonly aspects: Readonly<Record<AspectName, Numbers>>;
  readonly host: Int32Array;
  /** Numbers of the record. */
  readonly evidenceId?: Identifiers;
}

type Identifiers = Uint32Array | Float64Array;

/**
 * The intervals of one publication in memory, by address, then by their begin: about 45 bytes each, and a little for their
 * combinations.
 */
export interface Spans extends SpanColumns, Divided {
  readonly endpointId: Identifiers;
  readonly evidenceId: Identifiers;
  readonly hosts: Hosts;
  /** The last census in which any of them ends. */
  readonly lastCensus: number;
  /** The combination of no cluster; -1 where every interval has one. */
  readonly noCluster: number;
  /** Combinations of each aspect. */
  readonly sizes: Readonly<Record<AspectName, number>>;
  /** Numbers of combinations in which a condition of ours over the aspect's columns holds. */
  select(aspect: AspectName, condition: string, parameters: readonly Parameter[]): Promise<Int32Array>;
  /** Whole numbers worked out of the aspect's combinations, in their order; several columns, as wide as they are. */
  numbers(aspect: AspectName, expressions: string, columns: number): Promise<Int32Array[]>;
  /** Rows of the aspect's combinations, in their order. */
  read<Row>(aspect: AspectName, expressions: string, condition?: string): Promise<Row[]>;
  release(): Promise<void>;
}

/**
 * Reads the intervals of a file of `endpoints`. The small tables of combinations stay in the engine, where conditions are
 * worked out.
 * @param asked the same engine, for questions once it is read
 * @param from the file, as a table function of ours
 * @param name of this publication, and of no other that is open
 */
export async function loadSpans(db: Statements, asked: Statements, from: string, name: string): Promise<Spans> {
  const toTable = (aspect: AspectName) => `${name}_${aspect}`;
  for (const aspect of ASPECT_NAMES) {
    const columns = ASPECTS[aspect].map((column) => `any_value(${column}) AS ${column}`);
    await db.rows(
      `CREATE OR REPLACE TABLE ${toTable(aspect)} AS
       SELECT ${toAspectColumn(aspect)} AS number, ${columns.join(', ')} FROM ${from} GROUP BY number ORDER BY number`,
    );
  }
  const largest = await readLargest(db, from);
  const { length, lastCensus, sizes } = largest;
  const whole = {
    host: new Int32Array(length),
    first: createNumbers(length, lastCensus),
    last: createNumbers(length, lastCensus),
    endpointId: createIdentifiers(length, largest.endpointId),
    evidenceId: createIdentifiers(length, largest.evidenceId),
  };
  const aspects = Object.fromEntries(
    ASPECT_NAMES.map((aspect) => [aspect, createNumbers(length, sizes[aspect])]),
  ) as Record<AspectName, Numbers>;
  await db.fill(
    `SELECT host_number, first_census, last_census, endpoint_id::DOUBLE, evidence_id::DOUBLE,
            ${ASPECT_NAMES.map(toAspectColumn).join(', ')} FROM ${from}`,
    [...Object.values(whole), ...ASPECT_NAMES.map((aspect) => aspects[aspect])],
  );
  const [none] = await db.integers(`SELECT number FROM ${toTable('cluster')} WHERE cluster IS NULL`, 1);
  const columns = { ...whole, length, aspects, lastCensus, noCluster: none?.[0] ?? -1, sizes };
  return {
    ...columns,
    ...(await divide(columns)),
    hosts: await readHosts(db, from),
    async select(aspect, condition, parameters) {
      const statement = `SELECT number FROM ${toTable(aspect)} WHERE ${condition}`;
      const [found = new Int32Array()] = await asked.integers(statement, 1, parameters);
      return found;
    },
    numbers: (aspect, expressions, width) =>
      asked.integers(`SELECT ${expressions} FROM ${toTable(aspect)} ORDER BY number`, width),
    read: (aspect, expressions, condition = 'true') =>
      asked.rows(`SELECT ${expressions} FROM ${toTable(aspect)} WHERE ${condition} ORDER BY number`),
    async release() {
      for (const aspect of ASPECT_NAMES) await db.rows(`DROP TABLE IF EXISTS ${toTable(aspect)}`);
    },
  };
}

interface Largest {
  length: number;
  lastCensus: number;
  endpointId: number;
  evidenceId: number;
  sizes: Record<AspectName, number>;
}

async function readLargest(db: Statements, from: string): Promise<Largest> {
  const sizes = ASPECT_NAMES.map((aspect) => `COALESCE(max(${toAspectColumn(aspect)}) + 1, 0)::DOUBLE AS ${aspect}`);
  const [row] = await db.rows<Record<string, number>>(
    `SELECT count(*)::DOUBLE AS length, COALESCE(max(last_census), 0)::DOUBLE AS last_census,
            COALESCE(max(endpoint_id), 0)::DOUBLE AS endpoint_id, COALESCE(max(evidence_id), 0)::DOUBLE AS evidence_id,
            ${sizes.join(', ')} FROM ${from}`,
  );
  const of = (name: string) => row?.[name] ?? 0;
  return {
    length: of('length'),
    lastCensus: of('last_census'),
    endpointId: of('endpoint_id'),
    evidenceId: of('evidence_id'),
    sizes: Object.fromEntries(ASPECT_NAMES.map((aspect) => [aspect, of(aspect)])) as Largest['sizes'],
  };
}

function createIdentifiers(length: number, largest: number): Identifiers {
  return largest < 2 ** 32 ? new Uint32Array(length) : new Float64Array(length);
}
