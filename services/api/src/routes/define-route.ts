import type { History, Manifest } from '@kubecensus/shared/history';
import type { FastifyReply } from 'fastify';
import type pg from 'pg';
import type { Static, TObject, TSchema } from 'typebox';
import type { RouteName } from '../access/permissions.ts';
import type { Viewer } from '../access/viewer.ts';

/** What a route is given beside its parameters. */
export interface RouteContext {
  pool: pg.Pool;
  history: History;
  viewer: Viewer;
  /** Path and parameters as they were asked. */
  url: string;
  reply: FastifyReply;
  /** False where the asker has this answer already: then nothing is worked out. */
  isNew(of: Manifest): boolean;
}

/** One path of the api. Data first, one function; who may ask it stands in access/permissions.ts under its name. */
export interface Route<Q extends TObject = TObject> {
  readonly name: RouteName;
  readonly path: string;
  readonly summary: string;
  readonly parameters: Q;
  readonly response: TSchema;
  /** Other media types of its answer, beside JSON. */
  readonly alsoAs?: readonly string[];
  /** Media types of an answer that is never JSON. */
  readonly as?: readonly string[];
  answer(parameters: Static<Q>, context: RouteContext): Promise<unknown>;
}

export function defineRoute<Q extends TObject>(route: Route<Q>): Route {
  return route as unknown as Route;
}
