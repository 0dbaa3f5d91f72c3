import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { KubecensusError, toError } from '../errors/index.ts';
import { TableError } from '../kubernetes/index.ts';
import {
  ADDRESS_TABLES,
  type AddressTable,
  OWN_TABLE,
  readAddressTable,
  readBuiltIn,
  readBuiltInVersion,
} from './address-tables.ts';
import {
  assertCovers,
  KUBERNETES_TABLES,
  type KubernetesTable,
  mergeRows,
  toNewestDay,
  toTableText,
} from './kubernetes-tables.ts';
import { listEntries, readTableFile, type TableEntry, writeTable } from './table-store.ts';

export interface RefreshRequest {
  /** Where refreshed tables are kept. */
  readonly directory: string;
  readonly table: string;
  /** A file that was downloaded. */
  readonly file: string;
  /** The day of the data, YYYY-MM-DD, where the file does not say; that of its last change unless told. */
  readonly date?: string | undefined;
  /** Where it was downloaded from; the file's name unless told. */
  readonly source?: string | undefined;
  /** Of endoflife.date, where the file does not say. */
  readonly product?: string | undefined;
  /** Whose ranges these are, where the list does not say. */
  readonly provider?: string | undefined;
  readonly attribution?: string | undefined;
}

/** Above the largest MaxMind DB with countries and autonomous systems. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/**
 * Puts a downloaded file in the place of a table. What cannot be read, or is older than what is in force, is refused whole
 * and the old table stays.
 * @throws TableError; KubecensusError TABLE_UNKNOWN, TABLE_OLDER, TABLE_FILE_UNREADABLE, TABLE_UNUSABLE
 */
export async function refreshTable(request: RefreshRequest): Promise<TableEntry> {
  const { directory, table } = request;
  const definition = KUBERNETES_TABLES.find(({ name }) => name === table);
  const address = ADDRESS_TABLES.find(({ name }) => name === table);
  if (definition === undefined && address === undefined && !OWN_TABLE.test(table)) {
    const names = [...KUBERNETES_TABLES, ...ADDRESS_TABLES].map(({ name }) => name).join(', ');
    throw new KubecensusError(
      'TABLE_UNKNOWN',
      `there is no table "${table}"; there is ${names}, and own-NAME for ranges of your own`,
    );
  }
  const { bytes, changedOn } = await readDownload(request.file);
  const inForce = (await listEntries(directory)).find((entry) => entry.table === table);
  const source = request.source ?? path.basename(request.file);
  const about = { table, source, ...(request.attribution !== undefined && { attribution: request.attribution }) };
  if (definition !== undefined) {
    const before =
      inForce === undefined ? definition.builtIn : (await readTableFile(directory, inForce)).toString('utf8');
    const asOf = request.date ?? changedOn;
    const text = toRefreshed(definition, before, bytes.toString('utf8'), { ...request, source, asOf });
    definition.parse(text);
    const { rows } = toTableText(text, definition.key);
    const day = toNewestDay({ columns: [], rows });
    return await writeTable(directory, 'tsv', Buffer.from(text), { ...about, asOf: day, rows: rows.size });
  }
  const read = readAddressTable(table, bytes, request.provider);
  const asOf = read.asOf ?? request.date ?? changedOn;
  const rows = read.layer.index.count;
  const dayBefore = inForce?.asOf ?? (address === undefined ? undefined : readBuiltInVersion(address).asOf);
  if (dayBefore !== undefined && asOf < dayBefore) {
    throw new KubecensusError(
      'TABLE_OLDER',
      `table "${table}", line 1: the file is of ${asOf}, and the table in force of ${dayBefore}; that one stays`,
    );
  }
  if (address !== undefined) {
    const rowsBefore = inForce?.rows ?? countBuiltIn(address);
    // A file cut at the end of a line is well-formed.
    if (rows < rowsBefore / 2) {
      throw new TableError(
        table,
        rows,
        `only ${rows} ranges, and the table in force has ${rowsBefore}: is it cut off?`,
      );
    }
  }
  const attribution = request.attribution ?? address?.attribution;
  return await writeTable(directory, read.extension, read.bytes, {
    ...about,
    ...(attribution !== undefined && { attribution }),
    asOf,
    rows,
  });
}

function toRefreshed(
  definition: KubernetesTable,
  inForce: string,
  text: string,
  about: { file: string; product?: string | undefined; source: string; asOf: string },
): string {
  const header = text.slice(0, text.search(/\r?\n/)).split('\t');
  const isOwn = definition.key.every((column) => header.includes(column));
  const rows = isOwn ? undefined : definition.read({ name: path.basename(about.file), text, product: about.product });
  if (rows === undefined) {
    // Malformed goes before older: what is no table has no rows to compare.
    definition.parse(text);
    assertCovers(definition, inForce, text);
    return text.replaceAll('\r\n', '\n');
  }
  return mergeRows(definition, inForce, rows, about);
}

function countBuiltIn(table: AddressTable): number {
  return readAddressTable(table.name, readBuiltIn(table)).layer.index.count;
}

async function readDownload(file: string): Promise<{ bytes: Buffer; changedOn: string }> {
  try {
    const { size, mtime } = await stat(file);
    if (size > MAX_FILE_BYTES) throw new RangeError(`it is longer than ${MAX_FILE_BYTES} bytes`);
    return { bytes: await readFile(file), changedOn: mtime.toISOString().slice(0, 10) };
  } catch (caught) {
    throw new KubecensusError(
      'TABLE_FILE_UNREADABLE',
      `${file} cannot be read: ${toError(caught).message}; give a file that was downloaded`,
      { cause: caught },
    );
  }
}
