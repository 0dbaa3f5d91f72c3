import { open, readdir, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { Compile } from 'typebox/compile';
import { errorCodeOf, KubecensusError } from '../errors/index.ts';
import { type Manifest, manifestSchema } from './manifest.ts';

export const MANIFEST = 'manifest.json';

const manifestValidator = Compile(manifestSchema);

export function toSeriesDirectory(directory: string, seriesId: number): string {
  return path.join(directory, `series-${seriesId}`);
}

/**
 * Undefined where nothing is published there yet.
 * @throws {KubecensusError} HISTORY_MANIFEST_UNREADABLE
 */
export async function readManifest(seriesDirectory: string): Promise<Manifest | undefined> {
  const file = path.join(seriesDirectory, MANIFEST);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return undefined;
    throw unreadable(file, caught);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (caught) {
    throw unreadable(file, caught);
  }
  if (!manifestValidator.Check(value)) throw unreadable(file, undefined);
  return value;
}

/** Another text whenever the manifest was replaced; undefined where there is none. */
export async function readManifestState(seriesDirectory: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeNs } = await stat(path.join(seriesDirectory, MANIFEST), { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return undefined;
    throw caught;
  }
}

function unreadable(file: string, cause: unknown): KubecensusError {
  return new KubecensusError(
    'HISTORY_MANIFEST_UNREADABLE',
    `${file} is no manifest that this version reads; \`kubecensus history rebuild\` writes it anew from the record`,
    { cause },
  );
}

/** The numbers of the series that something is published of, in order. */
export async function listPublishedSeries(directory: string): Promise<number[]> {
  try {
    const names = await readdir(directory);
    const ids = names.flatMap((name) => /^series-(\d{1,9})$/.exec(name)?.[1] ?? []);
    return ids.map(Number).sort((a, b) => a - b);
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return [];
    throw caught;
  }
}

/** Written beside the file, brought to the disk, then renamed over it: a crash leaves the old one or the new one. */
export async function writeFileAtomically(file: string, text: string): Promise<void> {
  const beside = `${file}.new`;
  const handle = await open(beside, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
  await syncDirectory(path.dirname(file));
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
