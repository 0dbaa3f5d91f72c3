import { type AnswerSeen, defineComponent, type Recognition } from './define-component.ts';

/** `2026-09-30 09:40:02.118 +0000 UTC m=+0.1`, as Go prints a time. */
const GO_TIME = /"(lastUpdated|currentTime)":(\s*)"[^"]{0,100}"/g;

/** `{"lastUpdated": "...","currentTime": "...","nodeEligible": true}`; 503 while the rules are late. */
function recogniseAnswer(answer: AnswerSeen): Recognition {
  const isHealth = answer.status === 200 || answer.status === 503;
  return isHealth && /^\s*\{\s*"lastUpdated":\s*"[^"]*",\s*"currentTime":/.test(answer.text.slice(0, 300))
    ? 'component'
    : 'none';
}

export const kubeProxyHealth = defineComponent({
  name: 'kube-proxy-health',
  ports: [10_256],
  transport: 'plain',
  request: { method: 'GET', path: '/healthz' },
  sends: ['request'],
  recogniseFlight: () => 'none',
  recogniseAnswer,
  steadyBody: (body) => body.replace(GO_TIME, '"$1":$2""'),
});
