import type { Observation } from '@kubecensus/shared/messages';
import { lookAtLab } from '../../population/look-at-lab.ts';

/** What a real probe saw of each API server of a lab: certificates, client CAs and answers of every distribution. */
export async function probeLab(): Promise<Observation[]> {
  const looks = await lookAtLab();
  return looks.map(({ observation }) => observation).filter(({ outcome }) => /^(answered|present)$/.test(outcome));
}
