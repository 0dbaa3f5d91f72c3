import { defineDistribution } from './define-distribution.ts';
import { dynamicListenerServing } from './dynamic-listener-certificate.ts';
import k3s from './k3s.ts';

/** k3s in containers: its node and load balancer names are in the certificate (a capture with 12 names). */
export default defineDistribution({
  ...k3s,
  name: 'k3d',
  verdict: 'k3d',
  share: 8,
  ports: [6443],
  access: () => 'unauthorized',
  chain: (context) => [
    dynamicListenerServing(
      context,
      ['DNS:k3d-k3s-default-server-0', 'DNS:k3d-k3s-default-serverlb'],
      ['0.0.0.0', '172.28.0.3', context.address],
    ),
  ],
});
