import { countHistory } from '@kubecensus/shared/history';
import Type from 'typebox';
import { crossTabSchema } from './answers.ts';
import { defineRoute } from './define-route.ts';
import { asOf, by, census, limit, q, series, toLastInstant, toNames, toQuery, toUnit, unit } from './parameters.ts';

export const count = defineRoute({
  name: 'count',
  path: '/v1/count',
  summary: 'Count endpoints or hosts in one census, split by up to three dimensions',
  parameters: Type.Object({ q, series, asOf, census, by, unit, limit: limit(10_000) }),
  response: crossTabSchema,
  async answer(asked, { history, viewer, isNew }) {
    const published = await history.series(asked.series);
    const query = toQuery(asked.q, viewer);
    if (!isNew(published.manifest)) return undefined;
    return await countHistory(published, {
      query,
      by: toNames(asked.by),
      unit: toUnit(asked.unit),
      ...(asked.asOf !== undefined && { asOf: toLastInstant(asked.asOf) }),
      ...(asked.census !== undefined && { census: asked.census }),
      ...(asked.limit !== undefined && { limit: asked.limit }),
    });
  },
});
