import { splitLines, type TextInput } from '@kubecensus/shared/addresses';

/** Characters of a line of a journal; the longest is its head. */
const MAX_LINE = 16 * 1024;

/** One connect as a journal of `kubecensus probe` has it. */
export type JournalTouch = {
  readonly at: string;
  readonly address: string;
  readonly port: number;
  readonly component: string;
  /** File it was found in. */
  readonly journal: string;
};

/** The connects to an address (canonical text) in a journal; a last line that a crash cut is passed over. */
export async function findInJournal(input: TextInput, address: string): Promise<JournalTouch[]> {
  const found: JournalTouch[] = [];
  let component = 'kube-apiserver';
  for await (const lines of splitLines(input, MAX_LINE)) {
    for (const line of lines) {
      const entry = parseEntry(line);
      if (typeof entry?.component === 'string') component = entry.component;
      if (entry?.address !== address || typeof entry.at !== 'string' || typeof entry.port !== 'number') continue;
      found.push({ at: entry.at, address, port: entry.port, component, journal: input.name });
    }
  }
  return found;
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // the line that was being written when the machine went down
  }
}
