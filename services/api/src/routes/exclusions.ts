import { listExclusions } from '@kubecensus/shared/exclusions';
import Type from 'typebox';
import { defineRoute } from './define-route.ts';

export const exclusions = defineRoute({
  name: 'exclusions',
  path: '/v1/exclusions',
  summary: 'Ranges where nobody looks; with all, those that ended as well',
  parameters: Type.Object({ all: Type.Optional(Type.Boolean()) }),
  response: Type.Object({ exclusions: Type.Array(Type.Object({}, { additionalProperties: true })) }),
  async answer({ all }, { pool }) {
    return { exclusions: await listExclusions(pool, { ...(all !== undefined && { all }) }) };
  },
});
