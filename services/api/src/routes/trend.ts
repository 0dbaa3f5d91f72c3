import { trendHistory } from '@kubecensus/shared/history';
import Type from 'typebox';
import { trendSchema } from './answers.ts';
import { defineRoute } from './define-route.ts';
import {
  by,
  limit,
  moment,
  q,
  series,
  toFirstInstant,
  toMoment,
  toNames,
  toQuery,
  toUnit,
  unit,
} from './parameters.ts';

export const trend = defineRoute({
  name: 'trend',
  path: '/v1/trend',
  summary: 'How a count developed, census by census',
  parameters: Type.Object({
    q,
    series,
    by,
    unit,
    from: Type.Optional(moment),
    to: Type.Optional(moment),
    limit: limit(1000),
  }),
  response: trendSchema,
  async answer(asked, { history, viewer, isNew }) {
    const published = await history.series(asked.series);
    const query = toQuery(asked.q, viewer);
    if (!isNew(published.manifest)) return undefined;
    return await trendHistory(published, {
      query,
      by: toNames(asked.by),
      unit: toUnit(asked.unit),
      ...(asked.from !== undefined && { from: toMoment(asked.from, toFirstInstant) }),
      ...(asked.to !== undefined && { to: toMoment(asked.to) }),
      ...(asked.limit !== undefined && { limit: asked.limit }),
    });
  },
});
