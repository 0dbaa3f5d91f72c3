/** What the planning process is asked to plan. */
export interface PlanTask {
  readonly databaseUrl: string;
  readonly targets: { readonly words: readonly string[] } | { readonly file: string };
  readonly ports: readonly number[];
}

/** What it came to. Bytes and seconds of the planning process alone. */
export interface PlanResult {
  readonly wall: number;
  readonly cpu: number;
  /** Above what it held when everything was loaded and connected. */
  readonly peakBytes: number;
  readonly targetCount: number;
  readonly shardCount: number;
  /** Of addresses inside and outside in turn, in a thousand rounds of a thousand. */
  readonly lookUpsPerCpuSecond: number;
}
