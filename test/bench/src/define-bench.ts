/** One measured figure; a line of output each. */
export interface Figure {
  /** `bench/what`, such as `sweep/cpu-per-target`. */
  readonly name: string;
  /** The median of `runs`, unless `note` says what else. */
  readonly value: number;
  readonly unit: string;
  /** What else was measured in the same run, to hold the value against; its unit is the value's. */
  readonly reference?: { readonly name: string; readonly value: number };
  /** Value over reference. */
  readonly ratio?: number;
  /** Every run's value, in the order of the runs. */
  readonly runs: readonly number[];
  /** What was promised, of the value or of the ratio. */
  readonly limit?: Limit;
  /** What a reader must know to read the figure: sizes, what was left out and why. */
  readonly note?: string;
}

export interface Limit {
  readonly of: 'value' | 'ratio';
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface BenchContext {
  /** `--set name=value`, as a number; `fallback` where it is not set. */
  readonly number: (name: string, fallback: number) => number;
  /** The same, as it was written. */
  readonly text: (name: string) => string | undefined;
  /** Progress, for a person; goes to stderr. */
  readonly say: (line: string) => void;
  /** A directory for what the benchmark writes; removed afterwards. */
  readonly directory: string;
  /** Set when the run is to end early. */
  readonly signal: AbortSignal;
}

/** A benchmark: one file in benches/, named as `npm run bench -- NAME` calls it. */
export interface Bench {
  /** One line: what is measured, against what. */
  readonly about: string;
  /** What `--set` may set: name -> meaning with its default. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings in a run of all: together they take at most 15 minutes on two cores. A benchmark that is named runs in full. */
  readonly inBrief?: Readonly<Record<string, number>>;
  /** Yields each figure when it is known. Ends every process that it started, also when it throws. */
  readonly run: (context: BenchContext) => AsyncIterable<Figure>;
}

export function defineBench(bench: Bench): Bench {
  return bench;
}

export function isWithin({ value, ratio, limit }: Figure): boolean | undefined {
  if (limit === undefined) return undefined;
  const held = limit.of === 'value' ? value : ratio;
  if (held === undefined) return false;
  return held <= (limit.atMost ?? Number.POSITIVE_INFINITY) && held >= (limit.atLeast ?? Number.NEGATIVE_INFINITY);
}
