import {
  AddressError,
  emptyList,
  MAX_LINE_LENGTH,
  parseTargetLine,
  splitLines,
  type TargetLine,
  type TextInput,
} from '@kubecensus/shared/addresses';
import { KubecensusError } from '@kubecensus/shared/errors';

/** A target of a stream, and the line that named it. */
export type ListedTarget = TargetLine & { readonly lineNumber: number };

/** Says where a line stands that is left out, and why; the error is one line. */
export type OnSkipped = (problem: KubecensusError) => void;

/**
 * The targets of a list by what arrives together, so that a pipe is followed as it trickles. A line that is no target is
 * told and left out: what comes before and after it is not its fault.
 * @throws AddressError ADDRESS_LIST_EMPTY at the end of a list without a target, and what splitLines throws
 */
export async function* listedTargets(input: TextInput, onSkipped: OnSkipped): AsyncGenerator<ListedTarget[]> {
  let lineNumber = 0;
  let isEmpty = true;
  for await (const lines of splitLines(input, MAX_LINE_LENGTH)) {
    const targets: ListedTarget[] = [];
    for (const line of lines) {
      lineNumber += 1;
      try {
        const target = parseTargetLine(line);
        if (target !== undefined) targets.push({ ...target, lineNumber });
      } catch (caught) {
        if (!(caught instanceof AddressError)) throw caught;
        onSkipped(caught.at(toPlace(input, lineNumber)));
      }
    }
    if (targets.length === 0) continue;
    isEmpty = false;
    yield targets;
  }
  if (isEmpty) throw emptyList(input);
}

/** Refusals of addresses; what is refused for the terms of the run is refused for every line. */
const OF_ADDRESSES = new Set(['SCAN_SPECIAL_REFUSED', 'SCAN_PRIVATE_REFUSED']);

/** Tells a refusal of one line's addresses with its place. @throws what was caught, where it is another */
export function skipRefused(caught: unknown, input: TextInput, lineNumber: number, onSkipped: OnSkipped): void {
  if (!isRefusalOfAddresses(caught)) throw caught;
  onSkipped(new KubecensusError(caught.code, `${toPlace(input, lineNumber)}: ${caught.message}`, { cause: caught }));
}

export function isRefusalOfAddresses(caught: unknown): caught is KubecensusError {
  return caught instanceof KubecensusError && OF_ADDRESSES.has(caught.code);
}

function toPlace(input: TextInput, lineNumber: number): string {
  return `${input.name} line ${lineNumber}`;
}
