import type { ImportLine } from '@kubecensus/indexer';
import { formatAddress, parseAddress, splitLines, type TextInput } from '@kubecensus/shared/addresses';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import { observationSchema } from '@kubecensus/shared/messages';
import { cleanText } from '@kubecensus/shared/text';
import { RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';
import { parseZgrabLine } from '@kubecensus/shared/zgrab';
import { Compile } from 'typebox/compile';

/** Characters of one line: ten certificates of 200 KB each, and an answer. */
const MAX_LINE_LENGTH = 4_000_000;
/** Lines that are taken in with one statement. */
const BATCH = 500;

const validator = Compile(observationSchema);

/**
 * The lines of an export of ours, or of zgrab2; each line says by itself which it is. Empty lines count and say nothing.
 * @param defaultPort of zgrab2's lines that name none
 * @throws {AddressError} where the file cannot be read, or a line is longer than any record
 */
export async function* readImportLines(input: TextInput, defaultPort?: number): AsyncGenerator<ImportLine[]> {
  let lineNumber = 0;
  let waiting: ImportLine[] = [];
  for await (const lines of splitLines(input, MAX_LINE_LENGTH)) {
    for (const line of lines) {
      lineNumber += 1;
      if (line.trim() === '') continue;
      if (lineNumber === 1) assertLines(line, input.name);
      for (const read of parseImportLine(line, defaultPort)) {
        const problem = read.kind === 'refused' ? { problem: cleanText(read.problem, 200) } : {};
        waiting.push({ ...read, ...problem, lineNumber });
      }
      if (waiting.length < BATCH) continue;
      yield waiting;
      waiting = [];
    }
  }
  yield waiting;
}

/** A table has no evidence in it, and would be refused row by row. */
function assertLines(first: string, name: string): void {
  if (!/^\ufeff?"?(address|timestamp)"?,/.test(first) && !first.startsWith('PAR1')) return;
  throw new KubecensusError(
    'IMPORT_REFUSED',
    `${name} is a table, and what was seen is not in it; make the export with --format ndjson and import that`,
  );
}

type Read = ImportLine extends infer Line ? (Line extends unknown ? Omit<Line, 'lineNumber'> : never) : never;

function parseImportLine(line: string, defaultPort: number | undefined): Read[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (caught) {
    return [{ kind: 'refused', problem: `no JSON: ${toError(caught).message}` }];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ kind: 'refused', problem: 'no JSON object' }];
  }
  if ('observation' in value) return [parseObservation(value as ExportedLine)];
  return parseZgrabLine(value as Readonly<Record<string, unknown>>, defaultPort);
}

/** What an export says of an endpoint beside its observation. */
type ExportedLine = { observation: unknown; address?: unknown; port?: unknown; component?: unknown };

/**
 * Of an export of ours: what was seen counts, and the verdict beside it does not; ours is made anew. A line that names one
 * endpoint and shows another was changed by somebody.
 */
function parseObservation({ observation: value, ...named }: ExportedLine): Read {
  if (!validator.Check(value)) {
    const [first] = validator.Errors(value);
    return { kind: 'refused', problem: `observation${first?.instancePath ?? ''} ${first?.message ?? 'is none'}` };
  }
  if (!RECORDED_OUTCOMES.has(value.outcome)) return { kind: 'none' };
  try {
    // One spelling for each address: rows of one target must meet.
    const address = formatAddress(parseAddress(value.address));
    if (named.address !== undefined && formatAddress(parseAddress(String(named.address))) !== address)
      return { kind: 'refused', problem: 'address is another than that of the observation' };
    for (const field of ['port', 'component'] as const) {
      if (named[field] !== undefined && named[field] !== value[field])
        return { kind: 'refused', problem: `${field} is another than that of the observation` };
    }
    return { kind: 'found', observation: { ...value, address } };
  } catch (caught) {
    return { kind: 'refused', problem: toError(caught).message };
  }
}
