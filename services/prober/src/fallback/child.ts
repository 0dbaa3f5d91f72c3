import type { FromChild, ToChild } from './fallback-message.ts';
import { LibraryAttempt } from './library-attempt.ts';

/**
 * The disposable child: native code that meets strangers' certificates runs here and nowhere else in the prober. It may
 * die at any moment; its parent expects that.
 */
const running = new Map<number, LibraryAttempt>();

function tell(message: FromChild): void {
  if (message.kind !== 'flight') running.delete(message.id);
  process.send?.(message);
}

process.on('message', (message: ToChild) => {
  switch (message.kind) {
    case 'connect':
      running.set(message.id, new LibraryAttempt(message, tell));
      break;
    case 'ask':
      running.get(message.id)?.ask();
      break;
    case 'leave':
      running.get(message.id)?.leave();
      break;
  }
});

// Ctrl-C reaches the whole process group; the parent drains, and this child with it.
process.on('SIGINT', () => undefined);
// The parent is gone, or done with this child: what is open ends with the process.
process.on('disconnect', () => process.exit(0));

tell({ kind: 'ready', id: 0 });
