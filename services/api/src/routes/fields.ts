import { FIELD_NAMES, toField } from '@kubecensus/shared/history';
import Type from 'typebox';
import { defineRoute } from './define-route.ts';

export const fields = defineRoute({
  name: 'fields',
  path: '/v1/fields',
  summary: 'The fields of the query language',
  parameters: Type.Object({}),
  response: Type.Object({
    fields: Type.Array(
      Type.Object({
        name: Type.String(),
        type: Type.String(),
        meaning: Type.String(),
        example: Type.String(),
        trendable: Type.Boolean(),
        dimension: Type.Boolean(),
        measured: Type.Boolean(),
        values: Type.Optional(Type.Array(Type.String())),
      }),
    ),
  }),
  async answer() {
    return { fields: FIELD_NAMES.map((name) => ({ name, ...toField(name) })) };
  },
});
