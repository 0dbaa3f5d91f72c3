import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../services/prober/src/wire/fixtures/', import.meta.url);

/** What a first flight says, as the program that recorded it decoded it: not by any reader of this house. */
export type RecordedReading =
  | { alert: [level: number, description: number] }
  | {
      /** Type and length of each record. */
      records: [number, number][];
      version: number;
      suite: number;
      extensions: number[];
      sessionIdLength: number;
      downgradeMark: boolean;
      certificateSha256: string[];
      curve: number;
      signatureAlgorithm: number;
      certificateTypes: number[];
      signatureAlgorithms: number[];
      clientCas: string[];
    };

/** What a real program sent; its origin stands in the file. */
export interface Recording {
  name: string;
  origin: string;
  port: number;
  path: string;
  /** All bytes that it sent to a TLS 1.2 hello without a server name. */
  firstFlight: Buffer | undefined;
  read: RecordedReading | undefined;
  /** Its plaintext answer to the request. */
  answer: string | undefined;
}

export function readRecordings(): Recording[] {
  return readdirSync(fileURLToPath(folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => readRecording(file.replace('.json', '')));
}

export function readRecording(name: string): Recording {
  const { origin, port, path, firstFlight, read, answer } = JSON.parse(
    readFileSync(new URL(`${name}.json`, folder), 'utf8'),
  );
  return {
    name,
    origin,
    port,
    path,
    firstFlight: firstFlight === undefined ? undefined : Buffer.from(firstFlight, 'base64'),
    read,
    answer,
  };
}
