import { KubecensusError } from '../errors/kubecensus-error.ts';

/** A table of facts that cannot be used: `table` and `line` name the place, and nothing of it is taken. */
export class TableError extends KubecensusError {
  readonly table: string;
  /** From 1; of a binary table the byte, from 0. */
  readonly line: number;

  constructor(table: string, line: number, reason: string, unit: 'line' | 'byte' = 'line') {
    super(
      'KUBERNETES_TABLE_MALFORMED',
      `table "${table}", ${unit} ${line}: ${reason}; the table in force stays as it is`,
    );
    this.table = table;
    this.line = line;
  }
}
