import { recogniseControllerFlight } from './controller-evidence.ts';
import { defineComponent } from './define-component.ts';

const DEFAULT_PORT = 10_257;

export const kubeControllerManager = defineComponent({
  name: 'kube-controller-manager',
  ports: [DEFAULT_PORT],
  transport: 'tls',
  request: { method: 'GET', path: '/healthz' },
  sends: ['client-hello', 'client-key-exchange-and-finished', 'request'],
  recogniseFlight: (names) => recogniseControllerFlight(names, 'kube-controller-manager', DEFAULT_PORT),
  recogniseAnswer: () => 'none',
});
