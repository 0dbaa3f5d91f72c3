import Type from 'typebox';
import { listKeys } from '../queries/api-keys.ts';
import { defineRoute } from './define-route.ts';

export const keys = defineRoute({
  name: 'keys',
  path: '/v1/keys',
  summary: 'The keys that were made, without the keys themselves',
  parameters: Type.Object({}),
  response: Type.Object({ keys: Type.Array(Type.Object({}, { additionalProperties: true })) }),
  async answer(_asked, { pool }) {
    return { keys: await listKeys(pool) };
  },
});
