import { GIT_VERSIONS } from '../data/git-versions.ts';
import { defineDistribution, kubeadmClientCas } from './define-distribution.ts';
import { kubeadmServing } from './kubeadm-certificate.ts';

export default defineDistribution({
  name: 'kubeadm',
  verdict: 'kubeadm',
  share: 90,
  ports: [6443, 6443, 6443, 6443, 8443, 443],
  gitVersions: GIT_VERSIONS.upstream,
  highlyAvailable: { 3: 0.1 },
  access: (_gitVersion, random) =>
    random.chance(0.08) ? 'forbidden' : random.chance(0.05) ? 'unauthorized' : 'version',
  chain: (context) => [kubeadmServing(context, { serviceIp: '10.96.0.1' })],
  clientCas: kubeadmClientCas,
});
