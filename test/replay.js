// Replays files through the readers that meet strangers' bytes, one JSON line each: `node test/replay.js --help`.
// Runs from what `npm run setup` has built; nothing leaves 127.0.0.1.
import path from 'node:path';
import { readCommand } from './replay/command.js';
import { listFiles } from './replay/list-files.js';

const EXIT = { fine: 0, fault: 1, usage: 2, incomplete: 3 };

function say(line) {
  process.stderr.write(`replay: ${line}\n`);
}

async function loadReaders() {
  try {
    return (await import('./replay/readers.js')).READERS;
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    say('the readers are not built; run npm run setup, then try again');
    return undefined;
  }
}

/** Writes a line in ASCII, for names of files and of strangers steer terminals; waits while whoever reads is slower. */
async function write(line) {
  const toEscape = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  if (process.stdout.write(`${JSON.stringify(line).replace(/[\u007f-\uffff]/g, toEscape)}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}

async function replayFile(reader, { name, bytes }, options) {
  const line = { file: name, bytes: bytes.length };
  try {
    return { ...line, result: await reader.read(bytes, options) };
  } catch (error) {
    if (reader.isOwnError(error)) return { ...line, error: { code: error.code, message: error.message } };
    return { ...line, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function replay(reader, place, limits) {
  const endsAt = Date.now() + limits.maxSeconds * 1000;
  let replayed = 0;
  let faults = 0;
  let lost = 0;
  for (const file of listFiles(place, limits.maxBytes)) {
    const isOver = replayed === limits.maxFiles || Date.now() >= endsAt;
    if (isOver) {
      say(`stopped after ${replayed} files: --max-files or --max-seconds is reached`);
      return faults > 0 ? EXIT.fault : EXIT.incomplete;
    }
    if (file.bytes === undefined) {
      await write({ file: file.name, skipped: file.skipped });
      if (file.isLoss) lost++;
      continue;
    }
    const line = await replayFile(reader, file, limits);
    replayed++;
    if (line.fault !== undefined) faults++;
    await write(line);
  }
  if (faults > 0)
    say(`${faults} of ${replayed} files made the reader throw what is not its own error: a defect, please report it`);
  if (lost > 0) say(`${lost} files were not read: too large, or not to be opened`);
  if (faults > 0) return EXIT.fault;
  return lost > 0 ? EXIT.incomplete : EXIT.fine;
}

async function main() {
  const readers = await loadReaders();
  if (readers === undefined) return EXIT.usage;
  const { help, wrong, name, place, limits } = readCommand(process.argv.slice(2), readers);
  if (help !== undefined) {
    process.stdout.write(help);
    return EXIT.fine;
  }
  if (wrong !== undefined) {
    say(`${wrong}; --help tells more`);
    return EXIT.usage;
  }
  const reader = await readers[name].open();
  try {
    return await replay(reader, path.resolve(place), limits);
  } finally {
    await reader.close?.();
  }
}

// Whoever reads has seen enough, as `head` has.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.incomplete);
});
process.exitCode = await main();
