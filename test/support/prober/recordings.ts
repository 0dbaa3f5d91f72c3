import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../services/prober/src/wire/fixtures/', import.meta.url);

/** What a real program sent; its origin stands in the file. */
export interface Recording {
  name: string;
  origin: string;
  port: number;
  path: string;
  /** All bytes that it sent to a TLS 1.2 hello without a server name. */
  firstFlight: Buffer | undefined;
  /** Its plaintext answer to the request. */
  answer: string | undefined;
}

export function readRecordings(): Recording[] {
  return readdirSync(fileURLToPath(folder))
    .filter((file) => file.endsWith('.json'))
    .map((file) => readRecording(file.replace('.json', '')));
}

export function readRecording(name: string): Recording {
  const { origin, port, path, firstFlight, answer } = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
  return {
    name,
    origin,
    port,
    path,
    firstFlight: firstFlight === undefined ? undefined : Buffer.from(firstFlight, 'base64'),
    answer,
  };
}
