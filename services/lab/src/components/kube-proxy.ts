import { NOW } from '../servers/http-answers.ts';
import { type LabComponent, NOT_FOUND, OK } from './define-lab-component.ts';

/** Made for load balancers to ask; its times are of this moment (a capture of 2026). */
export const proxyHealth: LabComponent = {
  name: 'kube-proxy-health',
  port: 10_256,
  share: 0.5,
  play: () => ({
    answers: [
      [
        '/healthz',
        {
          status: 200,
          headers: [
            ['Content-Type', 'application/json'],
            ['X-Content-Type-Options', 'nosniff'],
          ],
          body: `{"lastUpdated": "${NOW}","currentTime": "${NOW}","nodeEligible": true}`,
        },
      ],
      ['*', NOT_FOUND],
    ],
    exposure: 'present',
    silence: null,
  }),
};

/** `--metrics-bind-address` on an outer address: no authentication. */
export const proxyMetrics: LabComponent = {
  name: 'kube-proxy-metrics',
  port: 10_249,
  share: 0.06,
  play: () => ({
    answers: [
      ['/healthz', OK],
      ['*', NOT_FOUND],
    ],
    exposure: 'open',
    silence: null,
  }),
};
