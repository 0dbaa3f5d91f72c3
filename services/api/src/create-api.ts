import { Readable } from 'node:stream';
import rateLimit from '@fastify/rate-limit';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import type { History } from '@kubecensus/shared/history';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type pg from 'pg';
import { toKeyHash } from './access/api-key.ts';
import { isAllowed, type RouteName } from './access/permissions.ts';
import { PUBLIC_VIEWER, type Viewer } from './access/viewer.ts';
import { refuseConnection, sendProblem } from './http/answer-problems.ts';
import { isKnownTag, toEntityTag, toTag } from './http/entity-tag.ts';
import { toOpenApi } from './http/openapi.ts';
import { StreamSlots } from './http/stream-slots.ts';
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
  /** Addresses and prefixes of proxies, with commas between them, whose X-Forwarded-For is believed; nobody's unless told. */
  trustedProxies?: string;
  /** Until a connection on which nothing moves is ended. */
  idleMs?: number;
  /** Until a question is given up. Streams may take longer: their readers set the pace. */
  answerMs?: number;
}

/** Until a question is given up, and ended in both stores. */
export const ANSWER_MS = 10_000;

/** Until a request that is not whole is refused. */
const REQUEST_MS = 10_000;

const HEALTH = '/health/';
const DESCRIPTION = '/v1/openapi.json';
const PATHS: ReadonlySet<string> = new Set([DESCRIPTION, ...ROUTES.map(({ path }) => path)]);

/** Times the limit of one key. */
const ADDRESS_SHARE = 4;

/** The api as a server that does not listen yet. Its close ends what is under way. */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const { log, requestsPerMinute = 300 } = options;
  const app = Fastify({
    logger: false,
    // A head and a query are all that anybody sends.
    bodyLimit: 1024,
    requestTimeout: REQUEST_MS,
    // Node looks each half minute unless told: a request that never ends would stay as much longer.
    http: { connectionsCheckingInterval: REQUEST_MS / 10 },
    ...(options.trustedProxies !== undefined && { trustProxy: options.trustedProxies }),
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, _request, reply) => void sendProblem(error, reply),
    keepAliveTimeout: 15_000,
    // A connection on which nothing moves, a reader that stopped reading among them, is given back.
    connectionTimeout: options.idleMs ?? 120_000,
    routerOptions: { maxParamLength: 100 },
    ajv: { customOptions: { coerceTypes: true, removeAdditional: false, allErrors: false } },
  });
  const viewers = new WeakMap<FastifyRequest, Viewer>();
  const streams = new StreamSlots();

  app.setErrorHandler<Error>(async (error, request, reply) => {
    const { status } = await sendProblem(error, reply);
    if (status >= 500) log.error({ err: error, url: request.url }, `a request failed: ${error.message}`);
    return reply;
  });
  app.setNotFoundHandler(async (request, reply) => refuseRoute(request, reply));
  await app.register(rateLimit, {
    max: requestsPerMinute,
    timeWindow: 60_000,
    hook: 'preParsing',
    keyGenerator: toAsker,
    enableDraftSpec: true,
  });
  const ofAddress = app.createRateLimit({ max: requestsPerMinute * ADDRESS_SHARE, ipv6Subnet: 64 });
  app.addHook('onRequest', async (request, reply) => {
    // Who watches the service asks often, and from where others ask.
    if (isHealth(request)) return;
    // Before the key is looked up: whoever guesses keys is slowed down by its address.
    const state = await ofAddress(request);
    if (!state.isAllowed && state.isExceeded) {
      reply.header('retry-after', state.ttlInSeconds);
      throw new KubecensusError('API_RATE_LIMITED', `ask again in ${state.ttlInSeconds} s`);
    }
    viewers.set(request, await toViewer(options.pool, request.headers.authorization));
    // Before a body is looked at.
    if (request.is404) refuseRoute(request, reply);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode !== 200 || reply.hasHeader('etag') || typeof payload !== 'string') return payload;
    const tag = toTag(payload);
    reply.header('etag', tag);
    if (!isKnownTag(request.headers['if-none-match'], tag)) return payload;
    reply.status(304).removeHeader('content-type').removeHeader('content-length');
    return null;
  });
  app.addHook('onResponse', async (request, reply) => {
    const { role, keyId } = viewers.get(request) ?? PUBLIC_VIEWER;
    log.info({ role, keyId, route: request.routeOptions.url, status: reply.statusCode }, 'a request was answered');
  });

  for (const route of ROUTES) addRoute(route, route.name, async (request, reply) => await ask(route, request, reply));
  const description = JSON.stringify(toOpenApi(ROUTES));
  addRoute({ path: DESCRIPTION }, 'openapi', async (_request, reply) =>
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
      config: path.startsWith(HEALTH) ? { rateLimit: false } : {},
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
          return !isKnownTag(request.headers['if-none-match'], tag);
        },
      }),
    );
    if (answer === undefined) return reply.status(304).send();
    if (answer instanceof Readable) streams.hold(toAsker(request), answer);
    return answer;
  }

  function toAsker(request: FastifyRequest): string {
    const keyId = viewers.get(request)?.keyId;
    return keyId === undefined ? `address ${request.ip}` : `key ${keyId}`;
  }
}

function isHealth({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url?.startsWith(HEALTH) === true;
}

/** @throws {KubecensusError} API_METHOD_NOT_ALLOWED, API_NOT_FOUND */
function refuseRoute({ method, url }: FastifyRequest, reply: FastifyReply): never {
  const path = url.split('?')[0] ?? '';
  if (!PATHS.has(path)) throw new KubecensusError('API_NOT_FOUND', `there is no ${path}`);
  reply.header('allow', 'GET, HEAD');
  throw new KubecensusError('API_METHOD_NOT_ALLOWED', `${path} takes GET and HEAD, and no ${method}`);
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
