import { randomBytes } from 'node:crypto';
import {
  assertTerms,
  type PermittedScope,
  type ScanRequest,
  type ScanTerms,
  toPermittedScope,
} from '@kubecensus/seeder/permission';
import {
  createPermutation,
  parseTargetArguments,
  Scope,
  type Target,
  TargetCollector,
  type TargetLine,
  type TextInput,
} from '@kubecensus/shared/addresses';
import { KubecensusError } from '@kubecensus/shared/errors';
import { toBlocks } from '../to-scope.ts';
import {
  isRefusalOfAddresses,
  type ListedTarget,
  listedTargets,
  type OnSkipped,
  skipRefused,
} from './listed-targets.ts';

type Request = Pick<ScanRequest, 'allowPrivate' | 'rate' | 'purpose' | 'operator'> & {
  ports: readonly number[];
  /** File that keeps what was dialled; no public range is looked at without one. */
  journal?: string | undefined;
  /** Told of each line of the input that is left out; an argument that is wrong ends the run instead. */
  onSkipped: OnSkipped;
};

/** Targets that may be looked at, and how fast. */
export type TargetBatch = Pick<ScanTerms, 'rate' | 'rateOrigin'> & { readonly targets: Iterable<Target> };

/**
 * Targets as they arrive, batch by batch, each batch of lines in an order of its own, so that no prefix is walked from
 * end to end. Every batch passes the same gate as a scan.
 * @throws AddressError, KubecensusError of area SCAN, JOURNAL_MISSING
 */
export async function* permittedTargets(
  request: Request,
  values: readonly string[],
  input: TextInput | undefined,
): AsyncGenerator<TargetBatch> {
  if (values.length > 0) yield permitted(request, toGate(request, parseTargetArguments(values)));
  if (input === undefined) return;
  for await (const lines of listedTargets(input, request.onSkipped)) {
    const gate = gateOfLines(request, lines, input);
    if (gate !== undefined) yield permitted(request, gate);
  }
}

type Gate = { readonly asked: Scope; readonly found: PermittedScope };

/** What of these lines may be looked at; only a batch that is refused is asked line by line. */
function gateOfLines(request: Request, lines: readonly ListedTarget[], input: TextInput): Gate | undefined {
  try {
    return toGate(request, lines);
  } catch (caught) {
    if (!isRefusalOfAddresses(caught)) throw caught;
  }
  const kept = lines.filter((line) => {
    try {
      return toGate(request, [line]);
    } catch (caught) {
      skipRefused(caught, input, line.lineNumber, request.onSkipped);
      return false;
    }
  });
  return kept.length > 0 ? toGate(request, kept) : undefined;
}

function toGate(request: Request, lines: readonly TargetLine[]): Gate {
  const collector = new TargetCollector({ overlaps: 'merge' });
  for (const line of lines) collector.add(line);
  const asked = Scope.of(toBlocks(collector.build(), request.ports));
  return { asked, found: toPermittedScope(asked, request.allowPrivate ?? false) };
}

function permitted(request: Request, { asked, found }: Gate): TargetBatch {
  const { rate, rateOrigin } = assertTerms(
    { ...request, kind: 'ad-hoc', targets: asked, method: { version: '', thorough: false } },
    found,
  );
  if (found.hasPublic && request.journal === undefined) {
    throw new KubecensusError(
      'JOURNAL_MISSING',
      'public ranges are probed only with a journal, and none is named; give a file for what was dialled with --journal',
    );
  }
  return { targets: inRandomOrder(found.scope), rate, rateOrigin };
}

function* inRandomOrder({ space }: Scope): Generator<Target> {
  const order = createPermutation(space.size, randomBytes(16));
  for (let position = 0; position < space.size; position += 1) yield space.targetAt(order.forward(position));
}
