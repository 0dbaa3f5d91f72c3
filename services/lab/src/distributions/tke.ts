import { GIT_VERSIONS } from '../data/git-versions.ts';
import { defineDistribution } from './define-distribution.ts';
import { neutralClientCas, neutralServing } from './neutral-certificate.ts';

/** Hosts are `<id>.ccs.tencent-cloud.com:443` (a published list); its certificate was not captured. */
export default defineDistribution({
  name: 'tke',
  verdict: 'tke',
  share: 10,
  ports: [443],
  gitVersions: GIT_VERSIONS.tke,
  access: () => 'version',
  chain: (context) => [
    neutralServing(context, {
      names: [`DNS:cls-${context.cluster.uid.slice(0, 8)}.ccs.tencent-cloud.com`],
      serviceIp: '172.16.0.1',
    }),
  ],
  clientCas: neutralClientCas,
});
