import { diffHistory } from '@kubecensus/shared/history';
import Type from 'typebox';
import { diffSchema } from './answers.ts';
import { defineRoute } from './define-route.ts';
import { limit, moment, q, series, toMoment, toQuery } from './parameters.ts';

export const diff = defineRoute({
  name: 'diff',
  path: '/v1/diff',
  summary: 'What became of each endpoint between two censuses',
  parameters: Type.Object({ q, series, earlier: moment, later: moment, limit: limit(10_000) }),
  response: diffSchema,
  async answer(asked, { history, viewer, isNew }) {
    const published = await history.series(asked.series);
    const query = toQuery(asked.q, viewer);
    if (!isNew(published.manifest)) return undefined;
    return await diffHistory(published, {
      query,
      earlier: toMoment(asked.earlier),
      later: toMoment(asked.later),
      ...(asked.limit !== undefined && { limit: asked.limit }),
    });
  },
});
