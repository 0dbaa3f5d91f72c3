import { spawnLab } from '@kubecensus/lab';
import { createProbe } from '@kubecensus/prober';
import type { SeenHost } from './forge-observation.ts';

/** Enough for every distribution that the lab plays. */
const HOSTS = 600;
/** Looks under way at a time. */
const AT_ONCE = 50;

/** What a real probe saw of each honest API server of a lab, beside what the lab says that it is. */
export async function probeHosts(): Promise<SeenHost[]> {
  const lab = await spawnLab({ hosts: HOSTS, seed: 3 });
  const probe = createProbe({
    operator: { url: 'urn:kubecensus:bench', name: 'bench' },
    version: '0.0.0',
    mayConnect: () => true,
  });
  try {
    const honest = (await lab.truth(1)).filter(
      ({ component, present, mutated, replays }) =>
        component === 'kube-apiserver' && present && mutated === undefined && replays === undefined,
    );
    const hosts: SeenHost[] = [];
    for (let at = 0; at < honest.length; at += AT_ONCE) {
      const looks = honest.slice(at, at + AT_ONCE).map(async (target) => ({
        observation: await probe.probe(target, 'kube-apiserver'),
        distribution: target.distribution ?? 'unknown',
      }));
      hosts.push(...(await Promise.all(looks)));
    }
    return hosts.filter(({ observation }) => observation.evidence.chain.length > 0);
  } finally {
    await probe.close();
    await lab.close();
  }
}
