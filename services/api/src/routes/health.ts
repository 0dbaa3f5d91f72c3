import type { History } from '@kubecensus/shared/history';
import type pg from 'pg';
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
    const now = Date.now();
    const last = looks.get(pool);
    if (last !== undefined && now - last.at < LOOK_AGAIN_MS) return await last.answer;
    const answer = look(pool, history);
    looks.set(pool, { at: now, answer });
    return await answer;
  },
});

/** No limit holds who asks for health: however many ask, the store is asked once in so long. */
const LOOK_AGAIN_MS = 1000;
type Readiness = { status: string; series: number };
const looks = new WeakMap<pg.Pool, { at: number; answer: Promise<Readiness> }>();

async function look(pool: pg.Pool, history: History): Promise<Readiness> {
  await readOne(pool);
  return { status: 'ready', series: (await history.list()).length };
}
