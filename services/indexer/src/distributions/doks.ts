import { defineDistribution } from './define-distribution.ts';

export const doks = defineDistribution({
  name: 'doks',
  title: 'DigitalOcean Kubernetes',
  versions: 'unmarked',
  note: 'Its gitVersion carries no mark.',
  signals: [
    {
      name: 'authority-name',
      kind: 'certificate',
      confidence: 'high',
      source: 'recorded certificate of 2019 that the authority of a cluster signed',
      when: { issuer: { cn: 'k8saas Cluster CA', o: 'DigitalOcean' } },
    },
    {
      name: 'client-ca',
      kind: 'client-ca',
      confidence: 'medium',
      source: 'recorded client certificate of 2019: one authority for servers and clients',
      when: { clientCas: [{ cn: 'k8saas Cluster CA', o: 'DigitalOcean' }] },
    },
    {
      name: 'endpoint-name',
      kind: 'names',
      confidence: 'low',
      source: 'unverified in a certificate: <uuid>.k8s.ondigitalocean.com',
      when: { dnsNames: { some: /\.k8s\.ondigitalocean\.com$/ } },
    },
  ],
});
