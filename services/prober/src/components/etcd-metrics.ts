import { defineComponent } from './define-component.ts';

/** kubeadm's port for metrics and health; what is asked is the health, `{"health":"true"}`, never a metric. */
export const etcdMetrics = defineComponent({
  name: 'etcd-metrics',
  ports: [2381],
  transport: 'plain',
  request: { method: 'GET', path: '/health' },
  sends: ['request'],
  recogniseFlight: () => 'none',
  recogniseAnswer: (answer) =>
    /^\s*\{\s*"health":\s*"(true|false)"/.test(answer.text.slice(0, 100)) ? 'component' : 'none',
});
