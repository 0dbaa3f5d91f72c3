import { defineComponent } from './define-component.ts';
import { isHealthzOk } from './healthz-answer.ts';

const DEFAULT_PORT = 10_255;

export const kubeletReadOnly = defineComponent({
  name: 'kubelet-read-only',
  ports: [DEFAULT_PORT],
  transport: 'plain',
  request: { method: 'GET', path: '/healthz' },
  sends: ['request'],
  recogniseFlight: () => 'none',
  // Two bytes are little; they count on the port that is the kubelet's own.
  recogniseAnswer: (answer) => (answer.port === DEFAULT_PORT && isHealthzOk(answer) ? 'component' : 'none'),
});
