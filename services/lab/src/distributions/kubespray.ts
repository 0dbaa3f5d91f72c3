import { GIT_VERSIONS } from '../data/git-versions.ts';
import { defineDistribution, kubeadmClientCas } from './define-distribution.ts';
import { kubeadmServing } from './kubeadm-certificate.ts';

/** kubernetes-sigs/kubespray roles/kubernetes/control-plane at 46dbdd3; a capture with eighteen names. */
export default defineDistribution({
  name: 'kubespray',
  verdict: 'kubespray',
  share: 12,
  ports: [6443],
  gitVersions: GIT_VERSIONS.upstream,
  highlyAvailable: { 3: 0.3 },
  access: () => 'version',
  chain: (context) => [
    kubeadmServing(context, {
      dnsNames: [
        'DNS:lb-apiserver.kubernetes.local',
        'DNS:localhost',
        ...context.cluster.nodes.flatMap(({ hostname }) => [`DNS:${hostname}`, `DNS:${hostname}.cluster.local`]),
      ],
      serviceIp: '10.233.0.1',
      addresses: ['127.0.0.1', '::1'],
    }),
  ],
  clientCas: kubeadmClientCas,
});
