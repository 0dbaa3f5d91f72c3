import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { estimateLoss, type ShardSummary } from '../shared/src/messages/index.ts';
import { runModule } from './support/run-module.ts';

const SCAN = fileURLToPath(new URL('./support/lossy-scan.ts', import.meta.url));
/** An ordinary user makes the namespace inside one where he is root. */
const UNSHARE = process.getuid?.() === 0 ? ['unshare', '--net'] : ['unshare', '--map-root-user', '--net'];

async function scanWithLoss(percent: number, targets: number): Promise<ShardSummary> {
  const child = runModule(SCAN, [`${percent}`, `${targets}`], { launcher: UNSHARE });
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`the scan in its namespace ended with exit code ${code}`);
  });
  const [summary] = (await Promise.race([once(child, 'message'), exited])) as [ShardSummary];
  await exited.catch(() => undefined);
  return summary;
}

it.each([
  [2, 4000],
  [10, 2000],
])('with %s %% of all packets dropped, the scan’s own estimate is within a third of that', async (percent, targets) => {
  const summary = await scanWithLoss(percent, targets);
  expect(summary.targets).toBe(targets);
  const estimate = estimateLoss(summary);
  expect(Math.abs((estimate?.perPacket ?? 0) / (percent / 100) - 1)).toBeLessThan(1 / 3);
  // Lost targets are few, and the bound says no more of them than there are.
  const lost = (summary.outcomes['connection-timeout'] ?? 0) / targets;
  expect(lost).toBeLessThan(0.02);
});

it('where nothing is dropped, nothing is estimated', async () => {
  expect(estimateLoss(await scanWithLoss(0, 1000))?.perTry).toBe(0);
});
