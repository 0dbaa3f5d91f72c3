import Type from 'typebox';
import { readOne } from '../queries/read-one.ts';
import { defineRoute } from './define-route.ts';

export const live = defineRoute({
  name: 'live',
  path: '/health/live',
  summary: 'The process answers',
  parameters: Type.Object({}),
  response: Type.Object({ status: Type.String() }),
  answer: async () => ({ status: 'live' }),
});

export const ready = defineRoute({
  name: 'ready',
  path: '/health/ready',
  summary: 'The store answers, and published histories can be listed',
  parameters: Type.Object({}),
  response: Type.Object({ status: Type.String(), series: Type.Integer() }),
  async answer(_asked, { pool, history }) {
    await readOne(pool);
    return { status: 'ready', series: (await history.list()).length };
  },
});
