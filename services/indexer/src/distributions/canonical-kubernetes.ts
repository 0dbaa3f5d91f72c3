import { defineDistribution } from './define-distribution.ts';

export const canonicalKubernetes = defineDistribution({
  name: 'canonical-kubernetes',
  title: 'Canonical Kubernetes',
  builtOn: ['microk8s'],
  versions: 'unmarked',
  note: 'Subject and issuer of its certificates are not established.',
  signals: [
    {
      name: 'server-names',
      kind: 'names',
      confidence: 'low',
      source: 'canonical/k8s-snap:tests/integration/tests/test_external_certificates.py@d924cc2: the names of MicroK8s',
      when: {
        dnsNames: { every: ['kubernetes.default.svc.cluster', 'kubernetes.default.svc.cluster.local'] },
        ipAddresses: { some: ['10.152.183.1'] },
        ports: [6443],
      },
    },
    {
      name: 'service-ip',
      kind: 'weak',
      confidence: 'low',
      source: 'the default service range of MicroK8s too',
      when: { ipAddresses: { some: ['10.152.183.1'] } },
    },
  ],
});
