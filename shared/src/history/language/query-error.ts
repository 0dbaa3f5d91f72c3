import { type ErrorCode, KubecensusError } from '../../errors/index.ts';

/** What is wrong with a query, and where. */
export class QueryError extends KubecensusError {
  /** Counts from 1, in UTF-16 units of the query. */
  readonly column: number;
  /** What was probably meant, to stand in its place. */
  readonly proposal: string | undefined;

  constructor(code: ErrorCode, column: number, what: string, proposal?: string) {
    const hint = proposal === undefined ? '' : `; did you mean ${proposal}?`;
    super(code, `column ${column}: ${what}${hint}`);
    this.column = column;
    this.proposal = proposal;
  }
}
