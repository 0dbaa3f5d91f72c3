import { PERMISSIONS, type Role } from '../access/permissions.ts';
import type { Route } from '../routes/define-route.ts';
import { problemSchema } from './problem.ts';

/** OpenAPI 3.1 of the routes as they are registered: nothing of it is written by hand. */
export function toOpenApi(routes: readonly Route[]): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'kubecensus',
      version: '1',
      description: 'A census of the Kubernetes control planes that anyone on a network can reach.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: Object.fromEntries(routes.map((route) => [route.path, { get: toOperation(route) }])),
    components: {
      schemas: { Problem: plain(problemSchema) },
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function toOperation({ name, summary, parameters, response, as, alsoAs = [] }: Route): Record<string, unknown> {
  const roles: readonly Role[] = PERMISSIONS[name];
  const required: readonly string[] = parameters.required ?? [];
  return {
    operationId: name,
    summary,
    'x-roles': roles,
    ...(!roles.includes('public') && { security: [{ key: [] }] }),
    parameters: Object.entries(parameters.properties).map(([parameter, schema]) => ({
      name: parameter,
      in: 'query',
      required: required.includes(parameter),
      schema: plain(schema),
    })),
    responses: {
      200: {
        description: summary,
        content: Object.fromEntries([
          ...(as === undefined ? [['application/json', { schema: plain(response) }] as [string, object]] : []),
          ...(as ?? alsoAs).map((type): [string, object] => [type, {}]),
        ]),
      },
      default: {
        description: 'a problem, by its code',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** A schema as JSON: what its library keeps beside it is none of a reader's business. */
function plain(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema));
}
