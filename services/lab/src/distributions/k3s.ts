import { GIT_VERSIONS } from '../data/git-versions.ts';
import { defineDistribution } from './define-distribution.ts';
import { dynamicListenerServing } from './dynamic-listener-certificate.ts';

/** Anonymous requests are off (k3s-io/k3s#3576); its listener asks for a certificate and names nobody. */
export default defineDistribution({
  name: 'k3s',
  verdict: 'k3s',
  share: 70,
  ports: [6443, 6443, 6443, 8443],
  gitVersions: GIT_VERSIONS.k3s,
  access: (_gitVersion, random) => (random.chance(0.04) ? 'version' : 'unauthorized'),
  chain: (context) => [dynamicListenerServing(context, [`DNS:${context.node.hostname}`], [context.address])],
  clientCas: () => [],
  learnsNames: true,
});
