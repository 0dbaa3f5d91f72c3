import { IDENTIFYING_HEADERS, type Response } from '@kubecensus/shared/messages';
import { cleanText } from '@kubecensus/shared/text';
import type { AnswerSeen } from './components/define-component.ts';
import type { HttpAnswer } from './wire/index.ts';

const MAX_HEADERS = 32;
const MAX_HEADER_VALUE_LENGTH = 2000;

/** An answer as it travels in an observation. `steadyBody` is the component's, where its answers carry the time. */
export function toResponse(answer: HttpAnswer, steadyBody?: (body: string) => string): Response {
  const body =
    steadyBody === undefined ? answer.body : Buffer.from(steadyBody(answer.body.toString('latin1')), 'latin1');
  return {
    status: answer.status,
    headers: answer.headers
      .filter(([name]) => IDENTIFYING_HEADERS.has(name))
      .slice(0, MAX_HEADERS)
      .map(([name, value]) => [name, cleanText(value, MAX_HEADER_VALUE_LENGTH)]),
    body: body.toString('base64'),
  };
}

/** An answer as a component's rule sees it. */
export function toAnswerSeen(answer: HttpAnswer, port: number): AnswerSeen {
  return {
    port,
    status: answer.status,
    header: (name) => answer.headers.find(([header]) => header === name)?.[1],
    get text() {
      return answer.body.toString('utf8');
    },
  };
}
