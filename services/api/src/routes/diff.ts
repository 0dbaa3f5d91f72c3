import { diffHistory } from '@kubecensus/shared/history';
import Type from 'typebox';
import { diffSchema } from './answers.ts';
import { defineRoute } from './define-route.ts';
import { day, limit, q, series, toLastInstant, toQuery } from './parameters.ts';

export const diff = defineRoute({
  name: 'diff',
  path: '/v1/diff',
  summary: 'What became of each endpoint between the censuses of two days',
  parameters: Type.Object({ q, series, earlier: day, later: day, limit: limit(10_000) }),
  response: diffSchema,
  async answer(asked, { history, viewer, isNew }) {
    const published = await history.series(asked.series);
    const query = toQuery(asked.q, viewer);
    if (!isNew(published.manifest)) return undefined;
    return await diffHistory(published, {
      query,
      earlier: { asOf: toLastInstant(asked.earlier) },
      later: { asOf: toLastInstant(asked.later) },
      ...(asked.limit !== undefined && { limit: asked.limit }),
    });
  },
});
