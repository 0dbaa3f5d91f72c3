import { randomBytes } from 'node:crypto';
import { assertTerms, type ScanRequest, toPermittedScope } from '@kubecensus/seeder/permission';
import {
  AddressError,
  createPermutation,
  MAX_LINE_LENGTH,
  parseTargetArguments,
  parseTargetLine,
  Scope,
  splitLines,
  type Target,
  TargetCollector,
  type TargetLine,
  type TextInput,
} from '@kubecensus/shared/addresses';
import { KubecensusError } from '@kubecensus/shared/errors';
import { toBlocks } from '../to-scope.ts';

type Request = Pick<ScanRequest, 'allowPrivate' | 'rate' | 'purpose' | 'operator'> & {
  ports: readonly number[];
  /** File that keeps what was dialled; no public range is looked at without one. */
  journal?: string | undefined;
};

/**
 * Targets as they arrive, batch by batch, each batch of lines in an order of its own, so that no prefix is walked from
 * end to end. Every batch passes the same gate as a scan: nothing of a batch is handed out when some of it may not be looked at.
 * @throws AddressError, KubecensusError of area SCAN, JOURNAL_MISSING
 */
export async function* permittedTargets(
  request: Request,
  values: readonly string[],
  input: TextInput | undefined,
): AsyncGenerator<Iterable<Target>> {
  if (values.length > 0) yield permitted(request, parseTargetArguments(values));
  if (input !== undefined) {
    for await (const lines of listedTargets(input)) yield permitted(request, lines);
  }
}

/** The targets of a list by what arrives together, so that a pipe is followed as it trickles. */
async function* listedTargets(input: TextInput): AsyncGenerator<TargetLine[]> {
  let lineNumber = 0;
  let isEmpty = true;
  for await (const lines of splitLines(input, MAX_LINE_LENGTH)) {
    const targets: TargetLine[] = [];
    for (const line of lines) {
      lineNumber += 1;
      try {
        const target = parseTargetLine(line);
        if (target !== undefined) targets.push(target);
      } catch (caught) {
        throw caught instanceof AddressError ? caught.at(`${input.name} line ${lineNumber}`) : caught;
      }
    }
    if (targets.length === 0) continue;
    isEmpty = false;
    yield targets;
  }
  if (isEmpty) {
    throw new AddressError(
      'ADDRESS_LIST_EMPTY',
      input.name,
      'names no target',
      'write one address, prefix or address:port a line',
    );
  }
}

function* permitted(request: Request, lines: readonly TargetLine[]): Generator<Target> {
  const collector = new TargetCollector({ overlaps: 'merge' });
  for (const line of lines) collector.add(line);
  const asked = Scope.of(toBlocks(collector.build(), request.ports));
  const found = toPermittedScope(asked, request.allowPrivate ?? false);
  assertTerms({ ...request, kind: 'ad-hoc', targets: asked, method: { version: '', thorough: false } }, found);
  if (found.hasPublic && request.journal === undefined) {
    throw new KubecensusError(
      'JOURNAL_MISSING',
      'public ranges are probed only with a journal, and none is named; give a file for what was dialled with --journal',
    );
  }
  const { space } = found.scope;
  const order = createPermutation(space.size, randomBytes(16));
  for (let position = 0; position < space.size; position += 1) yield space.targetAt(order.forward(position));
}
