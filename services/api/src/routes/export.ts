import Type from 'typebox';
import { TEXT_FORMATS, type TextFormatName } from '../export/export-text.ts';
import { toExport } from '../http/stream-rows.ts';
import { defineRoute } from './define-route.ts';
import { asOf, q, series, toLastInstant, toQuery } from './parameters.ts';

/** Of one page: the whole takes as long as its reader. */
const STATEMENT_MS = 10_000;

const NAMES = Object.keys(TEXT_FORMATS);

export const exported = defineRoute({
  name: 'export',
  path: '/v1/export',
  summary: 'Every endpoint that meets a query, with all that was seen of it, as a stream',
  parameters: Type.Object({
    q,
    series,
    asOf,
    format: Type.Optional(
      Type.String({
        pattern: `^(${NAMES.join('|')})$`,
        description: `${NAMES.join(', ')} (the columns of its report on Kubernetes); ndjson unless told`,
      }),
    ),
  }),
  response: Type.Unknown(),
  as: [...new Set(Object.values(TEXT_FORMATS).map(({ mediaType }) => mediaType.split(';')[0] ?? ''))],
  async answer(asked, { pool, viewer, reply }) {
    const format = (asked.format ?? 'ndjson') as TextFormatName;
    const question = {
      query: toQuery(asked.q, viewer),
      timeoutMs: STATEMENT_MS,
      ...(asked.series !== undefined && { series: asked.series }),
      ...(asked.asOf !== undefined && { asOf: toLastInstant(asked.asOf) }),
    };
    reply.type(TEXT_FORMATS[format].mediaType);
    return toExport(pool, question, format);
  },
});
