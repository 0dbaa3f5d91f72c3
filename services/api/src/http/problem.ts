import { ERROR_CODES, type ErrorCode, KubecensusError } from '@kubecensus/shared/errors';
import { QueryError } from '@kubecensus/shared/history';
import Type, { type Static } from 'typebox';

/** An error over HTTP (RFC 9457); every code is of the product's one catalogue. */
export const problemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
  /** Of an error in a query: where, counting from 1, and what was probably meant. */
  column: Type.Optional(Type.Integer()),
  proposal: Type.Optional(Type.String()),
});

export type Problem = Static<typeof problemSchema>;

const STATUSES: Partial<Record<ErrorCode, number>> = {
  API_FORBIDDEN: 403,
  API_KEY_INVALID: 401,
  API_KEY_MISSING: 401,
  API_METHOD_NOT_ALLOWED: 405,
  API_NOT_FOUND: 404,
  API_RATE_LIMITED: 429,
  API_STREAMS_EXCEEDED: 429,
  API_TIMEOUT: 503,
  HISTORY_NOT_PUBLISHED: 404,
  QUERY_CENSUS_UNKNOWN: 404,
  QUERY_SCAN_UNKNOWN: 404,
  QUERY_SERIES_UNKNOWN: 404,
  QUERY_TIMEOUT: 503,
};

/** Usage errors tell their message; what failed on our side tells its code alone, and the log the rest. */
export function toProblem(error: Error): Problem {
  const known = error instanceof KubecensusError ? error : fromFramework(error);
  const { meaning, exitCode } = ERROR_CODES[known.code];
  const status = STATUSES[known.code] ?? (exitCode === 2 ? 400 : 500);
  return {
    type: `urn:kubecensus:error:${known.code}`,
    title: meaning,
    status,
    detail: status === 500 ? 'the request failed; the log of the api says why' : known.message,
    code: known.code,
    ...(known instanceof QueryError && {
      column: known.column,
      ...(known.proposal !== undefined && { proposal: known.proposal }),
    }),
  };
}

function fromFramework(error: Error & { statusCode?: number; validation?: unknown }): KubecensusError {
  if (error.statusCode === 429) return new KubecensusError('API_RATE_LIMITED', error.message);
  if (error.validation !== undefined || (error.statusCode ?? 500) < 500) {
    return new KubecensusError('API_REQUEST_INVALID', error.message);
  }
  return new KubecensusError('API_FAILED', error.message, { cause: error });
}
