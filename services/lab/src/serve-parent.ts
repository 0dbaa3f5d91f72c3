import { toError } from '@kubecensus/shared/errors';
import type { Lab } from './lab.ts';
import { LabError, type LabErrorCode } from './lab-error.ts';
import { type LabReply, type LabRequest, STARTED } from './lab-protocol.ts';

function reply(message: LabReply): void {
  process.send?.(message);
}

/** What was not foreseen is said with its place, for it crosses the border between processes as text alone. */
function toReplied(caught: unknown): { code: LabErrorCode; message: string } {
  const { message, stack } = toError(caught);
  return caught instanceof LabError
    ? { code: caught.code as LabErrorCode, message }
    : { code: 'LAB_FAILED', message: stack ?? message };
}

async function answer(id: number, work: () => unknown): Promise<void> {
  try {
    reply({ id, result: (await work()) ?? null });
  } catch (error) {
    reply({ id, error: toReplied(error) });
  }
}

/** Starts the lab and answers what the parent asks of it. The parent's end closes the channel, and that ends the lab. */
export function serveParent(lab: Lab): void {
  process.on('message', ({ id, method, arguments: values }: LabRequest) => {
    void answer(id, () => (lab[method] as (...given: unknown[]) => unknown)(...values));
  });
  process.once('disconnect', () => void lab.close().finally(() => process.exit()));
  // Ctrl-C reaches the whole process group; the parent decides when the lab ends.
  process.on('SIGINT', () => undefined);
  void answer(STARTED, () => lab.start());
}
