import { GIT_VERSIONS } from '../data/git-versions.ts';
import { defineDistribution, kubeadmClientCas } from './define-distribution.ts';
import { kubeadmServing } from './kubeadm-certificate.ts';

/** kubernetes-sigs/kind pkg/cluster/internal/kubeadm/config.go at fed2688; names of a capture of 2021. */
export default defineDistribution({
  name: 'kind',
  verdict: 'kind',
  share: 8,
  ports: [37_665],
  gitVersions: GIT_VERSIONS.upstream,
  access: () => 'version',
  chain: (context) => [
    kubeadmServing(
      { ...context, node: { ...context.node, hostname: 'kind-control-plane' }, address: '172.18.0.2' },
      { dnsNames: ['DNS:localhost'], serviceIp: '10.96.0.1', addresses: ['127.0.0.1'] },
    ),
  ],
  clientCas: kubeadmClientCas,
});
