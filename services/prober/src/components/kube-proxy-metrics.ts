import { defineComponent } from './define-component.ts';
import { isHealthzOk } from './healthz-answer.ts';

const DEFAULT_PORT = 10_249;

/** The port of kube-proxy's metrics; what is asked is its health check, never a metric. */
export const kubeProxyMetrics = defineComponent({
  name: 'kube-proxy-metrics',
  ports: [DEFAULT_PORT],
  transport: 'plain',
  request: { method: 'GET', path: '/healthz' },
  sends: ['request'],
  recogniseFlight: () => 'none',
  recogniseAnswer: (answer) => (answer.port === DEFAULT_PORT && isHealthzOk(answer) ? 'component' : 'none'),
});
