// Fails a test file that leaves a socket, a server, a child process or a thread open.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** Timers are not looked at: the runner has some of its own. */
const WATCHED = /^(TCP|Pipe|UDP|TLS|Process|Worker|MessagePort)/;
/** What was closed in the last test may still be on its way out. */
const SETTLE_MS = 5_000;

function countHandles(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (WATCHED.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** The runner's own channels, open before the first line of a test file. */
const ofTheRunner = countHandles();

function listLeft(): string[] {
  return [...countHandles()]
    .filter(([name, count]) => count > (ofTheRunner.get(name) ?? 0))
    .map(([name, count]) => `${count - (ofTheRunner.get(name) ?? 0)} ${name}`);
}

afterAll(async () => {
  const deadline = Date.now() + SETTLE_MS;
  let left = listLeft();
  while (left.length > 0 && Date.now() < deadline) {
    await delay(20);
    left = listLeft();
  }
  if (left.length > 0) throw new Error(`this file leaves open: ${left.join(', ')}`);
});
