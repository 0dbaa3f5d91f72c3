import type { AddressError, AddressSet, PlacedTargetLine, TextInput, WordRange } from '@kubecensus/shared/addresses';

/** Takes what a source finds. Lines are counted from 1. */
export interface SourceSink {
  /** A target of a list of targets. */
  add(target: PlacedTargetLine): void;
  /** A target that is all of its line, and an address or a prefix for the scan's ports. It is taken before this returns. */
  addWords(range: WordRange, line: number): void;
  /** An address as another program wrote it, with the port that it found open; without one it is looked at on the scan's ports. */
  addAddress(address: string, port: number | undefined, line: number): void;
  /** A record that says of itself that it is no target, such as `closed`. Counted and told, not an error. */
  skip(reason: string): void;
  /** A record that cannot be read. */
  problem(error: AddressError): void;
}

/** Targets written down: a list, or what another engine found. One file each, named for its identity. */
export interface TextSource {
  readonly kind: 'text';
  readonly name: string;
  /** What it reads, with the option of the program that writes it. */
  readonly title: string;
  /** Whether text that begins so (up to 4096 characters, perhaps cut in a line) is of this source. */
  recognises(head: string): boolean;
  /** Reads the whole input, whatever its length, in bounded memory. */
  read(input: TextInput, sink: SourceSink): Promise<void>;
}

/** Address space by owner and place, from the data that the record is enriched with. */
export interface PlaceTables {
  /** The prefixes that an autonomous system announces; empty for one that is not known. */
  prefixesOfAsn(asn: number): Promise<AddressSet>;
  /** The prefixes of a country by its ISO 3166-1 code in upper case; empty for one that is not known. */
  prefixesOfCountry(code: string): Promise<AddressSet>;
}

/** Targets looked up by a word on the command line. */
export interface LookupSource {
  readonly kind: 'lookup';
  readonly name: string;
  readonly title: string;
  recognises(word: string): boolean;
  /** The addresses that the word stands for; an empty set where it stands for none. */
  find(word: string, tables: PlaceTables): Promise<AddressSet>;
}

export interface KnownEndpoint {
  readonly address: string;
  readonly port: number;
}

/** What the record knows of endpoints, lent to the sources that ask it. */
export interface KnownEndpoints {
  /** Those that were last looked at before an instant and are not known to be gone, page by page. */
  lookedAtBefore(before: Date): AsyncIterable<readonly KnownEndpoint[]>;
}

export interface RecordTerms {
  /** Looked at last before this. */
  readonly before: Date;
}

/** Targets that the record itself asks for. */
export interface RecordSource {
  readonly kind: 'record';
  readonly name: string;
  readonly title: string;
  read(terms: RecordTerms, endpoints: KnownEndpoints, sink: SourceSink): Promise<void>;
}

export function defineRecordSource(source: Omit<RecordSource, 'kind'>): RecordSource {
  return Object.freeze({ kind: 'record', ...source });
}

export function defineTextSource(source: Omit<TextSource, 'kind'>): TextSource {
  return Object.freeze({ kind: 'text', ...source });
}

export function defineLookupSource(source: Omit<LookupSource, 'kind'>): LookupSource {
  return Object.freeze({ kind: 'lookup', ...source });
}
