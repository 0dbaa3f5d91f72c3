import { defineComponent } from './define-component.ts';
import { recogniseEtcdFlight, recogniseEtcdVersion } from './etcd-evidence.ts';

/** No client certificate is shown: a refusal (alert 42 in TLS 1.2) tells that one is required, an answer that none is. */
export const etcdClient = defineComponent({
  name: 'etcd-client',
  ports: [2379],
  transport: 'tls',
  request: { method: 'GET', path: '/version' },
  sends: ['client-hello', 'client-key-exchange-and-finished', 'request'],
  recogniseFlight: recogniseEtcdFlight,
  recogniseAnswer: recogniseEtcdVersion,
});
