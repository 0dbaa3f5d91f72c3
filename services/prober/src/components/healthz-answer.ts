import type { AnswerSeen } from './define-component.ts';

/** The answer of a health check of the Kubernetes libraries (apiserver/pkg/server/healthz): two bytes of plain text. */
export function isHealthzOk(answer: AnswerSeen): boolean {
  return (
    answer.status === 200 && answer.text === 'ok' && (answer.header('content-type') ?? '').startsWith('text/plain')
  );
}
