import { spawnLab } from '@kubecensus/lab';
import { createProbe } from '@kubecensus/prober';
import type { Observation } from '@kubecensus/shared/messages';

/** Enough for every distribution that the lab plays. */
const HOSTS = 600;
/** Looks under way at a time. */
const AT_ONCE = 50;

/** What a real probe saw of each API server of a lab: certificates, client CAs and answers of every distribution. */
export async function probeLab(): Promise<Observation[]> {
  const lab = await spawnLab({ hosts: HOSTS, seed: 3 });
  const probe = createProbe({
    operator: { url: 'urn:kubecensus:bench', name: 'bench' },
    version: '0.0.0',
    mayConnect: () => true,
  });
  try {
    const truth = await lab.truth(1);
    const listening = truth.filter(({ component, present }) => component === 'kube-apiserver' && present);
    const seen: Observation[] = [];
    for (let at = 0; at < listening.length; at += AT_ONCE) {
      const looks = listening.slice(at, at + AT_ONCE).map((target) => probe.probe(target, 'kube-apiserver'));
      seen.push(...(await Promise.all(looks)));
    }
    return seen.filter(({ evidence, outcome }) => evidence.chain.length > 0 && /^(answered|present)$/.test(outcome));
  } finally {
    await probe.close();
    await lab.close();
  }
}
