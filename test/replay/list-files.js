import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** Folders inside folders. */
const MAX_DEPTH = 32;

/** Up to `maxBytes` of a regular file; undefined for a larger one. It is opened so that a pipe put there cannot hold us. */
function readBounded(file, maxBytes) {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) return undefined;
    // What stat says a file has is no promise: it may grow, or be one of the kernel's that say 0.
    const bytes = Buffer.alloc(Math.min(maxBytes, fstatSync(descriptor).size + 4096) + 1);
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      length += read;
      if (read === 0) return bytes.subarray(0, length);
      if (length === bytes.length) return undefined;
    }
  } finally {
    closeSync(descriptor);
  }
}

function* readOne(file, name, maxBytes) {
  let bytes;
  try {
    bytes = readBounded(file, maxBytes);
  } catch (error) {
    yield { name, skipped: error.code ?? error.message, isLoss: true };
    return;
  }
  if (bytes === undefined) yield { name, skipped: `over ${maxBytes} bytes`, isLoss: true };
  else yield { name, bytes };
}

function* walk(folder, root, maxBytes, depth) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    yield { name: path.relative(root, folder), skipped: error.code ?? error.message, isLoss: true };
    return;
  }
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    const name = path.relative(root, file);
    if (entry.isFile()) yield* readOne(file, name, maxBytes);
    else if (!entry.isDirectory())
      yield { name, skipped: entry.isSymbolicLink() ? 'a symbolic link' : 'no regular file' };
    else if (depth === MAX_DEPTH) yield { name, skipped: `over ${MAX_DEPTH} folders deep`, isLoss: true };
    else yield* walk(file, root, maxBytes, depth + 1);
  }
}

/**
 * The files of a folder and its folders, or the one file, in the order of names: `{name, bytes}`, or `{name, skipped}` with
 * the reason, and `isLoss` where a file was not read that should have been.
 */
export function* listFiles(place, maxBytes) {
  // A link that was named is meant; those inside a folder are not followed.
  const real = realpathSync(place);
  if (statSync(real).isDirectory()) yield* walk(real, real, maxBytes, 1);
  else if (statSync(real).isFile()) yield* readOne(real, path.basename(place), maxBytes);
  else yield { name: path.basename(place), skipped: 'no regular file' };
}
