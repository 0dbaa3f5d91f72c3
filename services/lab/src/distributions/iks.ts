import { GIT_VERSIONS } from '../data/git-versions.ts';
import { defineDistribution } from './define-distribution.ts';
import { neutralClientCas, neutralServing } from './neutral-certificate.ts';

/** Known by its gitVersion alone; many clusters behind one address, on ports 20000-32767 (a capture: 32343). */
export default defineDistribution({
  name: 'iks',
  verdict: 'iks',
  toldByVersionAlone: true,
  share: 65,
  ports: [32_343],
  gitVersions: GIT_VERSIONS.iks,
  access: () => 'version',
  chain: (context) => [neutralServing(context, { serviceIp: '172.21.0.1' })],
  clientCas: neutralClientCas,
});
