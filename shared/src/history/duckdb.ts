import type { DuckDBConnection } from '@duckdb/node-api';
import { type Connections, createConnections } from './duckdb-connections.ts';

/** What a statement may be given: everything that comes from outside the product goes in here, never into its text. */
export type Parameter = string | number | boolean | null;

export type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

export interface DuckDbOptions {
  /** Folders that statements may read and write; nothing else on the machine can be opened. */
  directories: readonly string[];
  /** Where what does not fit into memory may go; without it nothing spills. */
  spillDirectory?: string;
  threads: number;
  memoryLimitMb: number;
}

/** What an engine is asked. */
export interface Statements {
  /** Runs statements, the parameters only with a single one. Rows have the columns' names as their keys. */
  rows<Row>(sql: string, parameters?: readonly Parameter[]): Promise<Row[]>;
  /** Rows in chunks as they come, as long as the reader asks for more. */
  stream<Row>(sql: string, parameters?: readonly Parameter[]): AsyncGenerator<Row[]>;
  /** Columns of INTEGERs, none of them NULL; for millions of rows. */
  integers(sql: string, columns: number, parameters?: readonly Parameter[]): Promise<Int32Array[]>;
  /** Writes columns of numbers, none of them NULL, into arrays that have room for every row. */
  fill(sql: string, columns: readonly NumberArray[]): Promise<void>;
}

/** An engine in this process. It holds no data of its own: files are read where they lie. */
export interface DuckDb extends Statements {
  /** The same engine; what takes longer is ended, and fails with QUERY_TIMEOUT. */
  within(limitMs: number): Statements;
  close(): void;
}

/**
 * The engine's own network functions (extensions that install themselves when a statement needs them) are off, and no
 * statement can switch them on again.
 */
export async function openDuckDb(options: DuckDbOptions): Promise<DuckDb> {
  // Loaded when it is needed: its library is 70 MB, and most commands ask nothing of it.
  const duckdb = await import('@duckdb/node-api');
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    threads: String(options.threads),
    memory_limit: `${options.memoryLimitMb}MB`,
    temp_directory: options.spillDirectory ?? '',
    // What a statement no longer needs goes back to the system: a process that reads columns into memory needs it there.
    allocator_flush_threshold: '16MB',
  });
  const set = await instance.connect();
  await set.run(`SET GLOBAL TimeZone = 'UTC'`);
  await set.run('SET GLOBAL parquet_metadata_cache = true');
  await set.run(`SET allowed_directories = [${options.directories.map(toSqlText).join(', ')}]`);
  await set.run('SET enable_external_access = false');
  await set.run('SET lock_configuration = true');
  set.closeSync();
  const connections = createConnections(instance);
  return {
    ...toStatements(connections, undefined),
    within: (limitMs) => toStatements(connections, limitMs),
    close() {
      connections.close();
      instance.closeSync();
    },
  };
}

function toStatements(connections: Connections, limitMs: number | undefined): Statements {
  const lend = <T>(use: (connection: DuckDBConnection) => Promise<T>) => connections.lend(use, limitMs);
  return {
    rows: (sql, parameters = []) =>
      lend(async (connection) => {
        const reader = await connection.runAndReadAll(sql, [...parameters]);
        return reader.getRowObjectsJS() as never[];
      }),
    async *stream<Row>(sql: string, parameters: readonly Parameter[] = []) {
      const connection = await connections.open();
      try {
        const result = await connection.stream(sql, [...parameters]);
        for await (const rows of result.yieldRowObjectJs()) if (rows.length > 0) yield rows as Row[];
      } finally {
        connection.closeSync();
      }
    },
    integers: (sql, columns, parameters = []) =>
      lend(async (connection) => {
        let parts = Array.from({ length: columns }, () => new Int32Array(4096));
        const length = await readNumbers(connection, sql, parameters, (needed) => {
          parts = parts.map((part) => (part.length >= needed ? part : grow(part, new Int32Array(needed * 2))));
          return parts;
        });
        return parts.map((part) => part.slice(0, length));
      }),
    fill: (sql, columns) =>
      lend(async (connection) => {
        await readNumbers(connection, sql, [], () => columns);
      }),
  };
}

/** @param roomFor gives the arrays with room for so many rows; returns how many came */
async function readNumbers(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly Parameter[],
  roomFor: (rows: number) => readonly NumberArray[],
): Promise<number> {
  const result = await connection.stream(sql, [...parameters]);
  let length = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    const count = chunk?.rowCount ?? 0;
    if (chunk === null || count === 0) return length;
    for (const [at, part] of roomFor(length + count).entries()) {
      if (part.length < length + count) throw new RangeError(`more than ${part.length} rows came`);
      const vector = chunk.getColumnVector(at);
      for (let row = 0; row < count; row += 1) part[length + row] = vector.getItem(row) as number;
    }
    length += count;
  }
}

function grow(part: Int32Array, into: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  into.set(part);
  return into;
}

/** A text of ours (a path, a name) as a literal. */
export function toSqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
