import { type BenchContext, defineBench, type Figure } from '../define-bench.ts';
import { figureBeside } from './probing/figure-beside.ts';
import { compileFirstFlightLoop } from './probing/first-flight-loop.ts';
import { measureSlopes } from './probing/measure-slopes.ts';
import { recordHello } from './probing/record-hello.ts';
import { SILENT_SOCKETS, silentFigures } from './probing/silent-figures.ts';
import { kubecensusProbe, runSubject } from './probing/subject.ts';
import { writeTargetList } from './probing/target-list.ts';

const ROUNDS = 3;
const SMALL = 5_000;
const LARGE = 25_000;
const MILLION = 1_000_000;
/** Nothing of ours, and nothing of a usual machine, listens there. */
const REFUSED_BLOCK = 252;
const REFUSED_PORT = 16_443;

/** What most of the Internet is: nothing. */
export default defineBench({
  about: 'CPU per refused target, up to a million of them; memory and time of silent space',
  settings: {
    rounds: `how often each is run (${ROUNDS})`,
    small: `targets of the smaller run (${SMALL})`,
    large: `targets of the larger run (${LARGE})`,
    million: `targets of the one long run (${MILLION}); 0 leaves it out`,
    sockets: `silent connects under way at a time (${SILENT_SOCKETS})`,
  },
  inBrief: { rounds: 1, million: 100_000 },
  async *run(context) {
    const { number } = context;
    yield* refused(context);
    yield* silentFigures(context, number('rounds', ROUNDS));
  },
});

async function* refused({ number, directory, say, signal }: BenchContext): AsyncGenerator<Figure> {
  const [small, large] = [number('small', SMALL), number('large', LARGE)];
  const million = number('million', MILLION);
  const list = (size: number) => writeTargetList(directory, 'refused', refusedTargets(size), size);
  const loop = compileFirstFlightLoop(directory, await recordHello(directory, signal), 'refused');
  const ours = { subject: kubecensusProbe('"connection-refused"'), small: list(small), large: list(large) };
  const measured = [ours, ...(loop === undefined ? [] : [{ ...ours, subject: loop }])];
  const [slope, reference] = await measureSlopes(measured, number('rounds', ROUNDS), say, signal);
  if (slope === undefined) return;
  yield {
    name: 'dead/refused',
    value: slope.value,
    unit: 'µs of CPU per target',
    runs: slope.runs,
    limit: { of: 'value', atMost: 70 },
    note: `${slope.perSecond} targets/s`,
  };
  if (reference !== undefined) yield figureBeside('dead', slope, reference);
  if (million <= large) return;
  const many = list(million);
  const first = await runSubject(ours.subject, ours.large, signal);
  const whole = await runSubject(ours.subject, many, signal);
  const value = ((whole.cpu - first.cpu) / (many.size - ours.large.size)) * 1e6;
  yield {
    name: 'dead/a million in one run',
    value,
    unit: 'µs of CPU per target',
    reference: { name: `the same between ${small} and ${large}`, value: slope.value },
    ratio: value / slope.value,
    runs: [value],
    limit: { of: 'ratio', atMost: 1.15 },
    note: `slope from ${large} to ${million}; ${Math.round(many.size / whole.wall)} targets/s`,
  };
}

function refusedTargets(size: number): string[] {
  const first = REFUSED_BLOCK - Math.floor((size - 1) / 65_536);
  return Array.from(
    { length: size },
    (_, index) => `127.${first + (index >>> 16)}.${(index >>> 8) & 255}.${index & 255}:${REFUSED_PORT}`,
  );
}
