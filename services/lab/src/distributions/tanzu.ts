import { GIT_VERSIONS } from '../data/git-versions.ts';
import { defineDistribution, kubeadmClientCas } from './define-distribution.ts';
import { kubeadmServing } from './kubeadm-certificate.ts';

/** kubeadm's certificates and VMware's gitVersion (a capture of Tanzu Kubernetes Grid). */
export default defineDistribution({
  name: 'tanzu',
  verdict: 'tanzu',
  share: 4,
  ports: [6443],
  gitVersions: GIT_VERSIONS.tanzu,
  access: () => 'version',
  chain: (context) => [kubeadmServing(context, { serviceIp: '10.96.0.1' })],
  clientCas: kubeadmClientCas,
});
