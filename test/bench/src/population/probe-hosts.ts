import type { SeenHost } from './forge-observation.ts';
import { lookAtLab } from './look-at-lab.ts';

/** What a real probe saw of each honest API server of a lab, beside what the lab says that it is. */
export async function probeHosts(): Promise<SeenHost[]> {
  const looks = await lookAtLab(({ mutated, replays }) => mutated === undefined && replays === undefined);
  return looks.map(({ truth, observation }) => ({ observation, distribution: truth.distribution ?? 'unknown' }));
}
