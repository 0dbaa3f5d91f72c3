import { countHistory, parseQuery } from '@kubecensus/shared/history';
import Type from 'typebox';
import { suppressSmall } from '../public/suppress-small.ts';
import { censusSchema } from './answers.ts';
import { defineRoute } from './define-route.ts';
import { series } from './parameters.ts';

/** Fixed, each by itself: dimensions that no other one implies, and never two of them crossed. */
const CUBES = ['distribution', 'minor', 'exposure'] as const;

/** More cells than any of these dimensions has. */
const ALL_CELLS = 100_000;

export const cubes = defineRoute({
  name: 'cubes',
  path: '/v1/public/cubes',
  summary:
    'What everybody may know of the last census: endpoints by one dimension at a time, small cells told together',
  parameters: Type.Object({ series }),
  response: Type.Object({
    of: censusSchema,
    cubes: Type.Array(
      Type.Object({
        by: Type.String(),
        cells: Type.Array(
          Type.Object({
            key: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
            count: Type.Number(),
          }),
        ),
        together: Type.Object({ cells: Type.Integer(), count: Type.Number() }),
        total: Type.Number(),
      }),
    ),
  }),
  async answer(asked, { history, isNew }) {
    const published = await history.series(asked.series);
    if (!isNew(published.manifest)) return undefined;
    const query = parseQuery('');
    const tabs = await Promise.all(CUBES.map((by) => countHistory(published, { query, by: [by], limit: ALL_CELLS })));
    const told = tabs.flatMap(({ by: [by = ''], cells }) => {
      const cube = suppressSmall(cells.map(({ key, count }) => ({ key: key[by] ?? null, count })));
      return cube === undefined ? [] : [{ by, ...cube }];
    });
    return { of: tabs[0]?.of, cubes: told };
  },
});
