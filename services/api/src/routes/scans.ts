import Type from 'typebox';
import { listScans } from '../queries/list-scans.ts';
import { defineRoute } from './define-route.ts';
import { limit } from './parameters.ts';

export const scans = defineRoute({
  name: 'scans',
  path: '/v1/scans',
  summary: 'Scans and how far they are, the newest first',
  parameters: Type.Object({ open: Type.Optional(Type.Boolean()), limit: limit(1000) }),
  response: Type.Object({ scans: Type.Array(Type.Object({}, { additionalProperties: true })) }),
  async answer({ open, limit: atMost = 100 }, { pool }) {
    return { scans: await listScans(pool, { limit: atMost, ...(open !== undefined && { open }) }) };
  },
});
