import { KubecensusError } from '../errors/kubecensus-error.ts';

/** A table of facts that cannot be used: `table` and `line` (from 1) name the place, and nothing of it is taken. */
export class TableError extends KubecensusError {
  readonly table: string;
  readonly line: number;

  constructor(table: string, line: number, reason: string) {
    super('KUBERNETES_TABLE_MALFORMED', `table "${table}", line ${line}: ${reason}; the table in force stays as it is`);
    this.table = table;
    this.line = line;
  }
}
