import { GIT_VERSIONS } from '../data/git-versions.ts';
import { defineDistribution } from './define-distribution.ts';
import { neutralClientCas, neutralServing } from './neutral-certificate.ts';

/** A control plane on somebody's own authority: its plain gitVersion is all that it tells. */
export default defineDistribution({
  name: 'private-authority',
  verdict: 'upstream',
  toldByVersionAlone: true,
  why: 'the plain gitVersion is that of upstream and of dozens of distributions, and the certificate has no mark',
  share: 12,
  ports: [6443, 8443, 443],
  gitVersions: GIT_VERSIONS.upstream,
  access: () => 'version',
  chain: (context) => [neutralServing(context, { serviceIp: '10.128.0.1' })],
  clientCas: neutralClientCas,
});
