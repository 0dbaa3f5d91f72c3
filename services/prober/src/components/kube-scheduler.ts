import { recogniseControllerFlight } from './controller-evidence.ts';
import { defineComponent } from './define-component.ts';

const DEFAULT_PORT = 10_259;

export const kubeScheduler = defineComponent({
  name: 'kube-scheduler',
  ports: [DEFAULT_PORT],
  transport: 'tls',
  request: { method: 'GET', path: '/healthz' },
  sends: ['client-hello', 'client-key-exchange-and-finished', 'request'],
  recogniseFlight: (names) => recogniseControllerFlight(names, 'kube-scheduler', DEFAULT_PORT),
  recogniseAnswer: () => 'none',
});
