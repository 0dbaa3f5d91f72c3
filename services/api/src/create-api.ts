import { createHash } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import type { History, Manifest } from '@kubecensus/shared/history';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type pg from 'pg';
import { toKeyHash } from './access/api-key.ts';
import { isAllowed, type RouteName } from './access/permissions.ts';
import { PUBLIC_VIEWER, type Viewer } from './access/viewer.ts';
import { toOpenApi } from './http/openapi.ts';
import { toProblem } from './http/problem.ts';
import { findViewer } from './queries/api-keys.ts';
import type { Route } from './routes/define-route.ts';
import { ROUTES } from './routes/index.ts';

export interface ApiOptions {
  /** With the reader's powers. */
  pool: pg.Pool;
  history: History;
  log: { info(fields: object, line: string): void; error(fields: object, line: string): void };
  /** Of one key or, without one, of one address; one address may ask four times that with several keys, guesses included. */
  requestsPerMinute?: number;
  /** Until a connection on which nothing moves is ended. */
  idleMs?: number;
  /** Until a question is given up. Streams may take longer: their readers set the pace. */
  answerMs?: number;
}

/** Until a question is given up, and ended in both stores. */
export const ANSWER_MS = 10_000;

/** Times the limit of one key. */
const ADDRESS_SHARE = 4;

/** The api as a server that does not listen yet. Its close ends what is under way. */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const { log, requestsPerMinute = 300 } = options;
  const app = Fastify({
    logger: false,
    // A head and a query are all that anybody sends.
    bodyLimit: 1024,
    requestTimeout: 10_000,
    keepAliveTimeout: 15_000,
    // A connection on which nothing moves, a reader that stopped reading among them, is given back.
    connectionTimeout: options.idleMs ?? 120_000,
    routerOptions: { maxParamLength: 100 },
    ajv: { customOptions: { coerceTypes: true, removeAdditional: false, allErrors: false } },
  });
  const viewers = new WeakMap<FastifyRequest, Viewer>();

  app.setErrorHandler<Error>(async (error, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500) log.error({ err: error, url: request.url }, `a request failed: ${error.message}`);
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  });
  app.setNotFoundHandler(async (request) => {
    throw new KubecensusError('API_NOT_FOUND', `there is no ${request.method} ${request.url.split('?')[0] ?? ''}`);
  });
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: 60_000,
    hook: 'preParsing',
    keyGenerator: (request) => {
      const keyId = viewers.get(request)?.keyId;
      return keyId === undefined ? `address ${request.ip}` : `key ${keyId}`;
    },
    enableDraftSpec: true,
  });
  const ofAddress = app.createRateLimit({ max: requestsPerMinute * ADDRESS_SHARE, ipv6Subnet: 64 });
  app.addHook('onRequest', async (request, reply) => {
    // Before the key is looked up: whoever guesses keys is slowed down by its address.
    const state = await ofAddress(request);
    if (!state.isAllowed && state.isExceeded) {
      reply.header('retry-after', state.ttlInSeconds);
      throw new KubecensusError('API_RATE_LIMITED', `ask again in ${state.ttlInSeconds} s`);
    }
    viewers.set(request, await toViewer(options.pool, request.headers.authorization));
  });
  app.addHook('onResponse', async (request, reply) => {
    const { role, keyId } = viewers.get(request) ?? PUBLIC_VIEWER;
    log.info({ role, keyId, route: request.routeOptions.url, status: reply.statusCode }, 'a request was answered');
  });

  for (const route of ROUTES) addRoute(route, route.name, async (request, reply) => await ask(route, request, reply));
  const description = JSON.stringify(toOpenApi(ROUTES));
  addRoute({ path: '/v1/openapi.json' }, 'openapi', async (_request, reply) =>
    reply.type('application/json').send(description),
  );
  return app;

  function addRoute(
    route: Pick<Route, 'path'> & Partial<Pick<Route, 'parameters' | 'response' | 'as'>>,
    name: RouteName,
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
  ): void {
    const { path, parameters, response, as } = route;
    app.get(path, {
      schema: {
        ...(parameters !== undefined && { querystring: { ...toPlain(parameters), additionalProperties: false } }),
        // What the schema of an answer does not name is not sent, whatever the question's answer holds.
        ...(response !== undefined && as === undefined && { response: { 200: toPlain(response) } }),
      },
      preValidation: async (request: FastifyRequest) => assertAllowed(name, viewers.get(request) ?? PUBLIC_VIEWER),
      handler,
    });
  }

  async function ask(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const viewer = viewers.get(request) ?? PUBLIC_VIEWER;
    reply.header('cache-control', 'private, no-cache').header('vary', 'authorization');
    const answer = await within(
      options.answerMs ?? ANSWER_MS,
      route.answer(request.query as never, {
        pool: options.pool,
        history: options.history,
        viewer,
        url: request.url,
        reply,
        isNew(manifest) {
          const tag = toEntityTag(manifest, request.url, viewer);
          reply.header('etag', tag);
          return !(request.headers['if-none-match'] ?? '').split(/,\s*/).includes(tag);
        },
      }),
    );
    if (answer === undefined) return reply.status(304).send();
    return answer;
  }
}

/** A schema as JSON, without what its library keeps beside it. */
function toPlain(schema: object): object {
  return JSON.parse(JSON.stringify(schema));
}

async function toViewer(pool: pg.Pool, authorization: string | undefined): Promise<Viewer> {
  if (authorization === undefined) return PUBLIC_VIEWER;
  const hash = toKeyHash(/^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '');
  const viewer = hash === undefined ? undefined : await findViewer(pool, hash);
  if (viewer !== undefined) return viewer;
  throw new KubecensusError('API_KEY_INVALID', 'the key is unknown, revoked or expired; have a new one made');
}

/** @throws {KubecensusError} API_KEY_MISSING, API_FORBIDDEN */
function assertAllowed(route: RouteName, { role }: Viewer): void {
  if (isAllowed(route, role)) return;
  if (role === 'public')
    throw new KubecensusError('API_KEY_MISSING', `${route} needs a key: Authorization: Bearer KEY`);
  throw new KubecensusError('API_FORBIDDEN', `a key of the role ${role} may not ask for ${route}`);
}

/** An answer changes with the publication, the question and what the asker may see, and with nothing else. */
function toEntityTag({ seriesId, revision, publishedAt }: Manifest, url: string, { role, ranges }: Viewer): string {
  const parts = JSON.stringify([seriesId, revision, publishedAt, url, role, ranges]);
  return `W/"${createHash('sha256').update(parts).digest('base64url').slice(0, 22)}"`;
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new KubecensusError('API_TIMEOUT', `no answer in ${limitMs} ms; ask for less at a time`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } catch (caught) {
    throw toError(caught);
  } finally {
    clearTimeout(timer);
  }
}
