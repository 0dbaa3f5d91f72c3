import type { Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { type LabReply, type LabRequest, STARTED } from './lab-protocol.ts';

function reply(message: LabReply): void {
  process.send?.(message);
}

function toError(error: unknown): { code: string; message: string; stack: string } {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: error instanceof LabError ? error.code : 'LAB_FAILED', message, stack: stack ?? message };
}

async function answer(id: number, work: () => unknown): Promise<void> {
  try {
    reply({ id, result: (await work()) ?? null });
  } catch (error) {
    reply({ id, error: toError(error) });
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
