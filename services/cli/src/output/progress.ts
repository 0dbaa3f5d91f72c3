import cliProgress from 'cli-progress';

/** Plain lines are for logs and pipes: one every so often, and one at the end. */
const PLAIN_LINE_EVERY_MS = 5_000;

export type Progress = {
  update(done: number, note?: string): void;
  close(): void;
};

type Options = {
  label: string;
  total: number;
  unit: string;
  stream: NodeJS.WriteStream;
  /** Done in an earlier run, so no part of this one's rate. */
  done?: number;
  now?: () => number;
};

/** A bar with rate and time left on a terminal, plain lines elsewhere; always on the given stream, never on stdout. */
export function createProgress(options: Options): Progress {
  return options.stream.isTTY ? createBar(options) : createPlainLines(options);
}

function createBar({ label, total, unit, stream, done: before = 0, now = Date.now }: Options): Progress {
  const startedAt = now();
  const bar = new cliProgress.SingleBar(
    {
      stream,
      hideCursor: true,
      clearOnComplete: false,
      format: `${label} {bar} {percentage}% | {value}/{total} ${unit} | {rate} | {left} left{note}`,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, before, { rate: '-', left: '-', note: '' });
  return {
    update(done, note = '') {
      const { perSecond, secondsLeft } = pace(done - before, total - before, now() - startedAt);
      bar.update(done, {
        rate: `${Math.round(perSecond)}/s`,
        left: toDuration(secondsLeft),
        note: note && ` | ${note}`,
      });
    },
    close: () => bar.stop(),
  };
}

function createPlainLines({ label, total, unit, stream, done: before = 0, now = Date.now }: Options): Progress {
  const startedAt = now();
  let lastAt = startedAt;
  let last = { done: before, note: '' };
  const print = () => {
    const { perSecond, secondsLeft } = pace(last.done - before, total - before, now() - startedAt);
    const share = total === 0 ? 100 : Math.floor((last.done / total) * 100);
    const note = last.note && `, ${last.note}`;
    const left = last.done < total ? `, ${toDuration(secondsLeft)} left` : '';
    stream.write(`${label}: ${last.done}/${total} ${unit} (${share}%), ${Math.round(perSecond)}/s${left}${note}\n`);
  };
  return {
    update(done, note = '') {
      last = { done, note };
      if (now() - lastAt < PLAIN_LINE_EVERY_MS) return;
      lastAt = now();
      print();
    },
    close: print,
  };
}

function pace(done: number, total: number, elapsedMs: number): { perSecond: number; secondsLeft: number } {
  const perSecond = elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
  return { perSecond, secondsLeft: perSecond > 0 ? (total - done) / perSecond : Number.POSITIVE_INFINITY };
}

/** 75 -> "1m15s"; unknown (infinite) -> "-". */
export function toDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  const whole = Math.max(0, Math.ceil(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours > 0) return `${hours}h${String(minutes).padStart(2, '0')}m`;
  if (minutes > 0) return `${minutes}m${String(whole % 60).padStart(2, '0')}s`;
  return `${whole}s`;
}
