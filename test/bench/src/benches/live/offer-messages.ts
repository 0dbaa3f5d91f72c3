/** What the offering process is asked to do. */
export interface OfferTask {
  readonly databaseUrl: string;
  readonly queueUrl: string;
  /** JSON of observations to simulate endpoints by. */
  readonly templatesFile: string;
  readonly population: number;
  /** Observations per second in the paced part. */
  readonly rate: number;
  /** Length of the paced part. */
  readonly seconds: number;
  /** Per 10,000 endpoints of each census. */
  readonly changed: number;
  readonly added: number;
}

/** What it tells its parent. */
export type OfferNews =
  | { readonly kind: 'census'; readonly number: number; readonly offered: number; readonly batches: number }
  | { readonly kind: 'pace-begins' }
  | { readonly kind: 'pace-ended'; readonly offered: number; readonly worstLagMs: number }
  | { readonly kind: 'failed'; readonly message: string };
