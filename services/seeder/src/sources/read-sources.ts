import {
  AddressError,
  type AddressSet,
  parseTargetAddress,
  parseTargetArguments,
  TargetCollector,
  TargetListError,
  type TargetSelection,
  type TextInput,
} from '@kubecensus/shared/addresses';
import { LOOKUP_SOURCES, RECORD_SOURCES, TEXT_SOURCES } from './all-sources.ts';
import type {
  KnownEndpoints,
  PlaceTables,
  RecordSource,
  RecordTerms,
  SourceSink,
  TextSource,
} from './define-source.ts';
import { lines } from './lines.ts';
import { peekText } from './peek-text.ts';

/** Problems that are told at once; after that the reading ends. */
const MAX_PROBLEMS = 20;

/** Different reasons of one input that are counted apart, and their length: they are words of another program. */
const MAX_REASONS = 30;
const MAX_REASON_LENGTH = 40;

export interface SourceInput extends TextInput {
  /** The name of a text source; without it the source is known by the content. */
  readonly source?: string;
}

export interface ReadRequest {
  /** What stands on the command line: targets, and words such as AS64500. */
  readonly values?: readonly string[];
  readonly inputs?: readonly SourceInput[];
  readonly overlaps?: 'refuse' | 'merge';
  /** Asks the record, by the name of one of its sources. */
  readonly record?: { readonly source: string; readonly terms: RecordTerms; readonly endpoints: KnownEndpoints };
  /** Without them, words that must be looked up are refused. */
  readonly places?: PlaceTables;
}

/** What one input came to, to be told before a scan begins. */
export interface SourceReport {
  readonly input: string;
  readonly source: string;
  /** Records that became targets, repeats included. */
  readonly targets: number;
  /** Records that said of themselves that they are none, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
}

export interface ReadSources {
  readonly selection: TargetSelection;
  readonly reports: readonly SourceReport[];
}

/**
 * Reads every target that was asked for: arguments, lists, other engines' findings, words that stand for prefixes.
 * @throws AddressError for one problem, TargetListError for several
 */
export async function readSources(request: ReadRequest): Promise<ReadSources> {
  const problems: AddressError[] = [];
  const onProblem = (problem: AddressError) => {
    problems.push(problem);
    if (problems.length === MAX_PROBLEMS) throw new TargetListError(problems, true);
  };
  const collector = new TargetCollector({ overlaps: request.overlaps ?? 'refuse' });
  const reports: SourceReport[] = [];

  const values: string[] = [];
  for (const word of request.values ?? []) {
    const source = LOOKUP_SOURCES.find(({ recognises }) => recognises(word));
    if (source === undefined) values.push(word);
    else {
      const found = await lookUp(word, source.find, request.places);
      for (const range of found.ranges()) collector.add({ range, port: undefined, where: word });
      reports.push({ input: word, source: source.name, targets: found.rangeCount, skipped: new Map() });
    }
  }
  for (const target of parseTargetArguments(values, { onProblem })) collector.add(target);
  for (const input of request.inputs ?? []) {
    // Before anything is opened.
    const named = input.source === undefined ? undefined : findSource(TEXT_SOURCES, input.source);
    const { head, whole } = await peekText(input);
    const source = named ?? recogniseSource(head);
    reports.push(await readSource(input.name, source, collector, onProblem, (sink) => source.read(whole, sink)));
  }
  if (request.record !== undefined) {
    const { source: name, terms, endpoints } = request.record;
    const source = findSource(RECORD_SOURCES, name);
    reports.push(
      await readSource('the record', source, collector, onProblem, (sink) => source.read(terms, endpoints, sink)),
    );
  }

  const [first, ...others] = problems;
  if (first !== undefined) throw others.length === 0 ? first : new TargetListError(problems, false);
  return { selection: collector.build(), reports };
}

async function lookUp(
  word: string,
  find: (word: string, tables: PlaceTables) => Promise<AddressSet>,
  places: PlaceTables | undefined,
): Promise<AddressSet> {
  if (places === undefined) {
    throw new AddressError(
      'ADDRESS_LIST_UNREADABLE',
      word,
      'stands for prefixes, and there is no data here to look them up in',
      'give the prefixes themselves',
    );
  }
  const found = await find(word, places);
  if (!found.isEmpty) return found;
  throw new AddressError(
    'ADDRESS_LIST_EMPTY',
    word,
    'stands for no prefix in the data of this release',
    'give the prefixes themselves',
  );
}

async function readSource(
  input: string,
  source: Pick<TextSource | RecordSource, 'kind' | 'name' | 'title'>,
  collector: TargetCollector,
  onProblem: (problem: AddressError) => void,
  read: (sink: SourceSink) => Promise<void>,
): Promise<SourceReport> {
  const skipped = new Map<string, number>();
  let targets = 0;
  let hasProblems = false;
  const sink: SourceSink = {
    add(target) {
      targets += 1;
      collector.add(target);
    },
    addWords(range, line) {
      targets += 1;
      collector.addWords(range, input, line);
    },
    addAddress(text, port, line) {
      const where = `${input} line ${line}`;
      try {
        const range = parseTargetAddress(text);
        if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
          throw new AddressError('ADDRESS_PORT', text, 'has no port from 1 to 65535', 'correct or take out the record');
        }
        collector.add({ range, port, where });
        targets += 1;
      } catch (error) {
        if (!(error instanceof AddressError)) throw error;
        sink.problem(error.at(where));
      }
    },
    skip(reason) {
      const clean = reason.replace(/[^\w |-]/g, '?').slice(0, MAX_REASON_LENGTH);
      const known = skipped.has(clean) || skipped.size < MAX_REASONS ? clean : 'other';
      skipped.set(known, (skipped.get(known) ?? 0) + 1);
    },
    problem(problem) {
      hasProblems = true;
      onProblem(problem);
    },
  };
  await read(sink);
  if (targets === 0 && !hasProblems) throw emptyError(input, source, skipped);
  return { input, source: source.name, targets, skipped };
}

/** The last of them takes whatever is text. */
function recogniseSource(head: string): TextSource {
  return TEXT_SOURCES.find(({ recognises }) => recognises(head)) ?? lines;
}

function findSource<Source extends { readonly name: string }>(sources: readonly Source[], wanted: string): Source {
  const source = sources.find(({ name }) => name === wanted);
  if (source !== undefined) return source;
  throw new AddressError(
    'ADDRESS_SOURCE_UNKNOWN',
    wanted,
    'is no source of targets',
    `choose one of ${sources.map(({ name }) => name).join(', ')}`,
  );
}

function emptyError(
  name: string,
  source: Pick<TextSource | RecordSource, 'kind' | 'name' | 'title'>,
  skipped: ReadonlyMap<string, number>,
): AddressError {
  const reasons = [...skipped].map(([reason, count]) => `${count} ${reason}`).join(', ');
  return new AddressError(
    'ADDRESS_LIST_EMPTY',
    name,
    `names no target${reasons === '' ? '' : ` (passed over: ${reasons})`}`,
    source.kind === 'record'
      ? `it was asked for what is ${source.name} (${source.title}); name fewer days`
      : `see that it holds what answered; it was read as ${source.name} (${source.title})`,
  );
}
