import { realpathSync } from 'node:fs';
import { parseArgs } from 'node:util';

const LIMITS = {
  'max-files': { key: 'maxFiles', default: 100_000 },
  'max-bytes': { key: 'maxBytes', default: 1024 * 1024 },
  'max-seconds': { key: 'maxSeconds', default: 600 },
  'deadline-ms': { key: 'deadlineMs', default: 1000 },
  'piece-bytes': { key: 'pieceBytes', default: 2 ** 30 },
};

function usage(readers) {
  const lines = Object.entries(readers).map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`);
  return `node test/replay.js <reader> <file or folder> [options]

Readers:
${lines.join('\n')}

Options:
  --max-files <n>    files that are replayed (default 100000)
  --max-bytes <n>    of one file (default 1048576); a larger one is named and not read
  --max-seconds <n>  of the whole run (default 600)
  --piece-bytes <n>  bytes that come at a time, for the readers record, flight and http (default: all)
  --deadline-ms <n>  of each phase of a look, for the reader tls (default 1000)

One JSON line a file, in the order of names: {file, bytes, result}; {file, bytes, error: {code, message}} where the reader
refuses it with an error of its own; {file, bytes, fault} where it throws any other, which is a defect; {file, skipped} for
what is no regular file. Symbolic links inside a folder are not followed.
Exit codes: 0 all replayed, 1 a fault, 2 usage, 3 not all was replayed.
`;
}

/** The command line as it was meant (`name`, `place`, `limits`), its `help`, or `wrong`: what is wrong with it. */
export function readCommand(words, readers) {
  const options = { help: { type: 'boolean', short: 'h' } };
  for (const name of Object.keys(LIMITS)) options[name] = { type: 'string' };
  let parsed;
  try {
    parsed = parseArgs({ args: words, allowPositionals: true, options });
  } catch (error) {
    return { wrong: error.message };
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { help: usage(readers) };
  const [name, place] = positionals;
  if (positionals.length !== 2) return { wrong: 'it takes a reader and a file or folder' };
  if (!Object.hasOwn(readers, name))
    return { wrong: `no reader is called ${name}; ${Object.keys(readers).join(', ')} are` };
  try {
    realpathSync(place);
  } catch (error) {
    return { wrong: error.code === 'ENOENT' ? `${place} does not exist` : `${place} cannot be read (${error.code})` };
  }
  const limits = {};
  for (const [option, limit] of Object.entries(LIMITS)) {
    const value = values[option] ?? String(limit.default);
    if (!/^[1-9]\d{0,9}$/.test(value)) return { wrong: `--${option} is a whole number from 1, not ${value}` };
    limits[limit.key] = Number(value);
  }
  return { name, place, limits };
}
