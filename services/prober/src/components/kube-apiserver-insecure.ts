import { parseVersionDocument } from '@kubecensus/shared/kubernetes';
import { type AnswerSeen, defineComponent, type Recognition } from './define-component.ts';

/** Whoever reaches this port is administrator. Removed in 1.24, closed by default since 1.10. */
function recogniseAnswer(answer: AnswerSeen): Recognition {
  if (answer.status !== 200) return 'none';
  const verdict = parseVersionDocument(answer.text);
  if (verdict.kind === 'version') return 'component';
  return verdict.kind === 'look-alike' && verdict.product !== undefined ? 'look-alike' : 'none';
}

export const kubeApiserverInsecure = defineComponent({
  name: 'kube-apiserver-insecure',
  ports: [8080],
  transport: 'plain',
  request: { method: 'GET', path: '/version' },
  sends: ['request'],
  recogniseFlight: () => 'none',
  recogniseAnswer,
});
