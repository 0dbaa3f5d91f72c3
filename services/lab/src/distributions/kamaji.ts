import { GIT_VERSIONS } from '../data/git-versions.ts';
import { defineDistribution, kubeadmClientCas } from './define-distribution.ts';
import { kubeadmServing } from './kubeadm-certificate.ts';

/** clastix/kamaji internal/kubeadm/configuration.go at ddbabd8; `/version` open in a capture. */
export default defineDistribution({
  name: 'kamaji',
  verdict: 'kamaji',
  share: 4,
  ports: [6443],
  gitVersions: GIT_VERSIONS.upstream.slice(9),
  access: () => 'version',
  chain: (context) => {
    const name = `tenant-${context.random.hex(3)}`;
    return [
      kubeadmServing(context, {
        dnsNames: [
          'DNS:localhost',
          `DNS:${name}`,
          `DNS:${name}.kamaji-tenants.svc`,
          `DNS:${name}.kamaji-tenants.svc.cluster.local`,
        ],
        serviceIp: '10.96.0.1',
        addresses: ['127.0.0.1'],
      }),
    ];
  },
  clientCas: kubeadmClientCas,
});
