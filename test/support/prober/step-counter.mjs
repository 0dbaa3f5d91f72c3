// A thread that counts what a reader of strangers' bytes does: the blocks of its code that V8 enters (its own counters, as for
// coverage), and the bytes that it allocates, copies or turns into text. No clock, so that a slow machine changes nothing.
import { Session } from 'node:inspector';
import { parentPort } from 'node:worker_threads';

let bytesMoved = 0;

/** Counts the bytes that `toBytes` reads off a call of `target[name]`. */
function countCalls(target, name, toBytes) {
  const original = target[name];
  target[name] = function counted(...args) {
    const result = original.apply(this, args);
    bytesMoved += toBytes(result);
    return result;
  };
}
for (const name of ['alloc', 'allocUnsafe', 'concat', 'from']) countCalls(Buffer, name, ({ length }) => length);
countCalls(Buffer.prototype, 'copy', (copied) => copied);
countCalls(Buffer.prototype, 'toString', ({ length }) => length);

const session = new Session();
session.connect();
/** Answers before it returns, as calls within one thread do. */
function ask(method, params) {
  let answer;
  session.post(method, params, (error, result) => {
    if (error !== null) throw error;
    answer = result;
  });
  return answer;
}
ask('Profiler.enable');
// Before the readers are loaded: what is compiled earlier has no counters.
ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
const { READERS } = await import('../../replay/readers.js');

function takeSteps() {
  let steps = 0;
  for (const { url, functions } of ask('Profiler.takePreciseCoverage').result) {
    if (!/\/(?:shared|prober)\/dist\//.test(url)) continue;
    for (const { ranges } of functions) for (const { count } of ranges) steps += count;
  }
  return steps;
}

const readers = new Map();
parentPort.on('message', async ({ name, inputs }) => {
  if (!readers.has(name)) readers.set(name, await READERS[name].open());
  const reader = readers.get(name);
  const counts = inputs.map(({ bytes, pieceBytes }) => {
    const input = Buffer.from(bytes);
    takeSteps();
    bytesMoved = 0;
    let end = 'read';
    try {
      reader.read(input, { pieceBytes });
    } catch (error) {
      end = reader.isOwnError(error) ? error.code : `fault: ${error.stack}`;
    }
    const moved = bytesMoved;
    return { end, steps: takeSteps(), bytesMoved: moved };
  });
  parentPort.postMessage(counts);
});
parentPort.postMessage('ready');
