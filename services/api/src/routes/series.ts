import Type from 'typebox';
import { defineRoute } from './define-route.ts';

export const series = defineRoute({
  name: 'series',
  path: '/v1/series',
  summary: 'Published series and their censuses, with revisions, licence and attribution; no counts',
  parameters: Type.Object({}),
  response: Type.Object({
    series: Type.Array(
      Type.Object({
        seriesId: Type.Integer(),
        series: Type.String(),
        revision: Type.Integer(),
        publishedAt: Type.String(),
        licence: Type.Object({ name: Type.String(), title: Type.String(), path: Type.String() }),
        attribution: Type.String(),
        censuses: Type.Array(
          Type.Object({
            censusNumber: Type.Integer(),
            asOf: Type.String(),
            revision: Type.Integer(),
            revisionReason: Type.Optional(Type.String()),
            publishedAt: Type.String(),
          }),
        ),
      }),
    ),
  }),
  async answer(_asked, { history }) {
    return { series: await history.list() };
  },
});
