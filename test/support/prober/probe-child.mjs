// Probes many targets at once in a process of its own, so that its memory is the prober's and nobody else's.
// One message in: probes, each with its options and targets. One out: how each look ended, and the memory that all took.
import { createProbe } from '../../../services/prober/dist/index.js';

process.once('message', async ({ probes }) => {
  const started = probes.map(({ options, targets }) => ({
    probe: createProbe({ ...options, mayConnect: () => true }),
    targets,
  }));
  // What the first look loads and compiles is there before the measure begins.
  await started[0].probe.probe(started[0].targets[0], 'kube-apiserver');
  const rssBefore = process.memoryUsage.rss();
  const ends = await Promise.all(
    started.flatMap(({ probe, targets }) =>
      targets.map(async (target) => {
        const { outcome, reason, durationMs, secondConnection } = await probe.probe(target, 'kube-apiserver');
        return {
          ...target,
          end: reason === undefined ? outcome : `${outcome}: ${reason}`,
          durationMs,
          secondConnection,
        };
      }),
    ),
  );
  await Promise.all(started.map(({ probe }) => probe.close()));
  process.send({ ends, rssBefore, rssPeak: process.resourceUsage().maxRSS * 1024 }, () => process.disconnect());
});
