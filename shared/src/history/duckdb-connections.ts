import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { KubecensusError } from '../errors/index.ts';

/** Connections that wait for the next question: opening one costs as much as a small question. */
const MAX_IDLE = 4;

export interface Connections {
  /** For one use. @throws {KubecensusError} QUERY_TIMEOUT where a limit is told and reached; what was asked has ended then */
  lend<T>(use: (connection: DuckDBConnection) => Promise<T>, limitMs?: number): Promise<T>;
  /** One that its user closes. */
  open(): Promise<DuckDBConnection>;
  close(): void;
}

export function createConnections(instance: DuckDBInstance): Connections {
  const idle: DuckDBConnection[] = [];
  let isClosed = false;
  return {
    open: () => instance.connect(),
    async lend(use, limitMs) {
      const connection = idle.pop() ?? (await instance.connect());
      let isLate = false;
      const timer =
        limitMs === undefined
          ? undefined
          : setTimeout(() => {
              isLate = true;
              connection.interrupt();
            }, limitMs);
      let isSound = false;
      try {
        const result = await use(connection);
        isSound = !isLate;
        return result;
      } catch (caught) {
        if (!isLate) throw caught;
        throw new KubecensusError('QUERY_TIMEOUT', `no answer in ${limitMs} ms; ask for less at a time`, {
          cause: caught,
        });
      } finally {
        clearTimeout(timer);
        if (isSound && !isClosed && idle.length < MAX_IDLE) idle.push(connection);
        else connection.closeSync();
      }
    },
    close() {
      isClosed = true;
      for (const connection of idle.splice(0)) connection.closeSync();
    },
  };
}
