import { type LabTruth, spawnLab } from '@kubecensus/lab';
import { createProbe } from '@kubecensus/prober';
import type { Observation } from '@kubecensus/shared/messages';

/** Enough for every distribution that the lab plays. */
const HOSTS = 600;
/** Looks under way at a time. */
const AT_ONCE = 50;

/** What a real probe saw of an API server, beside what the lab says that it is. */
export interface LabLook {
  readonly truth: LabTruth;
  readonly observation: Observation;
}

/** Looks at each API server of a lab, or at those that are `wanted`: certificates, client CAs and answers of every distribution. */
export async function lookAtLab(wanted: (truth: LabTruth) => boolean = () => true): Promise<LabLook[]> {
  const lab = await spawnLab({ hosts: HOSTS, seed: 3 });
  const probe = createProbe({
    operator: { url: 'urn:kubecensus:bench', name: 'bench' },
    version: '0.0.0',
    mayConnect: () => true,
  });
  const look = async (truth: LabTruth) => ({ truth, observation: await probe.probe(truth, 'kube-apiserver') });
  try {
    const listening = (await lab.truth(1)).filter(
      (truth) => truth.component === 'kube-apiserver' && truth.present && wanted(truth),
    );
    const looks: LabLook[] = [];
    for (let at = 0; at < listening.length; at += AT_ONCE) {
      looks.push(...(await Promise.all(listening.slice(at, at + AT_ONCE).map(look))));
    }
    return looks.filter(({ observation }) => observation.evidence.chain.length > 0);
  } finally {
    await probe.close();
    await lab.close();
  }
}
