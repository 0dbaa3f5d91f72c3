import { gunzipSync } from 'node:zlib';
import { formatAddress, parseAddress } from '@kubecensus/shared/addresses';
import { toError } from '@kubecensus/shared/errors';
import { type Observation, observationSchema } from '@kubecensus/shared/messages';
import { cleanText, isBase64 } from '@kubecensus/shared/text';
import { Compile } from 'typebox/compile';

/**
 * Bytes of one batch when unpacked. 192 KiB of gzip can grow a thousandfold; a prober packs 4 Mi characters at most
 * into one batch.
 */
export const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;
/** Lines of one batch; a prober sends 500. */
export const MAX_LINES = 10_000;
/** Bytes kept of a line (or a batch) that cannot be read; the beginning is enough to see what it was. */
export const MAX_MALFORMED_BYTES = 64 * 1024;

export interface ReadLine {
  /** From 1. */
  lineNumber: number;
  bytes: Buffer;
  observation: Observation;
}

export interface MalformedLine {
  /** From 1; 0: the batch could not be opened at all. */
  lineNumber: number;
  error: string;
  bytes: Buffer;
}

const validator = Compile(observationSchema);
const NEWLINE = 0x0a;

/**
 * Opens a batch's `observations`: base64, gzip, one JSON object a line. Never throws: what cannot be read comes back
 * as malformed lines, whatever the bytes are.
 */
export function readObservations(base64: string): { lines: ReadLine[]; malformed: MalformedLine[] } {
  let unpacked: Buffer;
  try {
    if (!isBase64(base64)) throw new TypeError('the batch is not base64');
    unpacked = gunzipSync(Buffer.from(base64, 'base64'), { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (caught) {
    return { lines: [], malformed: [toMalformedLine(0, caught, Buffer.from(base64, 'latin1'))] };
  }
  const lines: ReadLine[] = [];
  const malformed: MalformedLine[] = [];
  let lineNumber = 0;
  for (let start = 0; start < unpacked.length; ) {
    const newline = unpacked.indexOf(NEWLINE, start);
    const end = newline === -1 ? unpacked.length : newline;
    const bytes = unpacked.subarray(start, end);
    start = end + 1;
    lineNumber += 1;
    if (lineNumber > MAX_LINES) {
      malformed.push(
        toMalformedLine(
          lineNumber,
          new RangeError(`the batch has more than ${MAX_LINES} lines; the rest was not read`),
          unpacked.subarray(end - bytes.length),
        ),
      );
      break;
    }
    try {
      lines.push({ lineNumber, bytes, observation: readObservation(bytes) });
    } catch (caught) {
      malformed.push(toMalformedLine(lineNumber, caught, bytes));
    }
  }
  return { lines, malformed };
}

export function toMalformedLine(lineNumber: number, caught: unknown, bytes: Buffer): MalformedLine {
  // A parser's message quotes what it could not read, and that is a stranger's text.
  const error = cleanText(toError(caught).message, 500);
  return { lineNumber, error, bytes: bytes.subarray(0, MAX_MALFORMED_BYTES) };
}

function readObservation(bytes: Buffer): Observation {
  const value: unknown = JSON.parse(bytes.toString('utf8'));
  if (!validator.Check(value)) {
    const [first] = validator.Errors(value);
    throw new TypeError(first === undefined ? 'no observation' : `${first.instancePath || '/'} ${first.message}`);
  }
  // One spelling for each address: rows of one target must meet.
  return { ...value, address: formatAddress(parseAddress(value.address)) };
}
