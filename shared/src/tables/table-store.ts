import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { KubecensusError, toError } from '../errors/index.ts';
import { makeDirectories } from '../files/index.ts';

const entrySchema = Type.Object({
  table: Type.String({ pattern: '^[a-z0-9-]{1,60}$' }),
  /** The file beside this entry. */
  file: Type.String({ pattern: '^[a-z0-9-]+-[0-9a-f]{16}\\.(tsv|csv|mmdb)$' }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  asOf: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  source: Type.String({ maxLength: 300 }),
  attribution: Type.Optional(Type.String({ maxLength: 500 })),
  rows: Type.Integer({ minimum: 0 }),
  installedAt: Type.String({ maxLength: 40 }),
});

const entryValidator = Compile(entrySchema);

/** One refreshed table: its file, its day, and where it came from. */
export type TableEntry = Static<typeof entrySchema>;

/** The refreshed tables of a directory, by name; none where there is no directory. */
export async function listEntries(directory: string): Promise<TableEntry[]> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (caught) {
    if ((caught as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unusable(directory, caught);
  }
  const entries: TableEntry[] = [];
  for (const name of names.filter((one) => one.endsWith('.json')).sort()) {
    const entry = await readEntry(path.join(directory, name));
    if (entry.table !== path.basename(name, '.json'))
      throw unusable(path.join(directory, name), 'it names another table');
    entries.push(entry);
  }
  return entries;
}

async function readEntry(file: string): Promise<TableEntry> {
  let entry: unknown;
  try {
    entry = JSON.parse(await readFile(file, 'utf8'));
  } catch (caught) {
    throw unusable(file, caught);
  }
  if (!entryValidator.Check(entry)) throw unusable(file, 'it is no entry of a table');
  return entry;
}

/** @throws KubecensusError TABLE_UNUSABLE, also where the bytes are not those that were put there */
export async function readTableFile(directory: string, entry: TableEntry): Promise<Buffer> {
  const file = path.join(directory, entry.file);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (caught) {
    throw unusable(file, caught);
  }
  if (toSha256(bytes) !== entry.sha256) throw unusable(file, 'its bytes are not those that were put there');
  return bytes;
}

/**
 * Puts a table in force: its file first, then the entry renamed over the old one. A crash in between leaves the old table
 * in force and a file that nobody names.
 */
export async function writeTable(
  directory: string,
  extension: 'tsv' | 'csv' | 'mmdb',
  bytes: Buffer,
  about: Omit<TableEntry, 'file' | 'sha256' | 'installedAt'>,
): Promise<TableEntry> {
  const sha256 = toSha256(bytes);
  const file = `${about.table}-${sha256.slice(0, 16)}.${extension}`;
  const entry: TableEntry = { ...about, file, sha256, installedAt: new Date().toISOString() };
  try {
    await makeDirectories(directory);
    await writeDurably(path.join(directory, file), bytes);
    await writeDurably(path.join(directory, `${about.table}.json`), Buffer.from(`${JSON.stringify(entry, null, 2)}\n`));
    await removeUnnamed(directory);
  } catch (caught) {
    throw unusable(directory, caught);
  }
  return entry;
}

/** The table that comes with the program is in force again. False where that was so. */
export async function removeTable(directory: string, table: string): Promise<boolean> {
  const entries = await listEntries(directory);
  if (!entries.some((entry) => entry.table === table)) return false;
  await rm(path.join(directory, `${table}.json`), { force: true });
  await removeUnnamed(directory);
  return true;
}

async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const temporary = `${file}.${process.pid}.new`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

/** Files of tables that were replaced, and what a crash left. */
async function removeUnnamed(directory: string): Promise<void> {
  const named = new Set((await listEntries(directory)).map(({ file }) => file));
  for (const name of await readdir(directory)) {
    if (/-[0-9a-f]{16}\.(tsv|csv|mmdb)$/.test(name) && !named.has(name))
      await rm(path.join(directory, name), { force: true });
  }
}

function toSha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function unusable(file: string, caught: unknown): KubecensusError {
  const reason = typeof caught === 'string' ? caught : toError(caught).message.split('\n')[0];
  return new KubecensusError(
    'TABLE_UNUSABLE',
    `${file} cannot be used: ${reason}; refresh the table again, or remove it with kubecensus tables forget`,
    { cause: caught },
  );
}
