import { KubecensusError } from '@kubecensus/shared/errors';
import { publicCubeSchema, SMALLEST_CELL } from '@kubecensus/shared/history';
import Type from 'typebox';
import { defineRoute } from './define-route.ts';
import { asOf, series, toLastInstant } from './parameters.ts';

export const cubes = defineRoute({
  name: 'cubes',
  path: '/v1/public/cubes',
  summary: 'What everybody may know of a census: endpoints by distribution and minor, small cells told together',
  parameters: Type.Object({ series, asOf }),
  response: Type.Object({
    series: Type.String(),
    /** Days of the censuses that are told. */
    told: Type.Array(Type.String()),
    smallestCell: Type.Integer(),
    cube: publicCubeSchema,
  }),
  async answer(asked, { history, isNew }) {
    const published = await history.series(asked.series);
    const told = await published.publicCubes();
    const until = asked.asOf === undefined ? undefined : toLastInstant(asked.asOf).toISOString();
    const cube = told.findLast((one) => until === undefined || one.asOf <= until);
    if (cube === undefined) {
      throw new KubecensusError('QUERY_CENSUS_UNKNOWN', 'no census on or before that day is told to everybody');
    }
    if (!isNew(published.manifest)) return undefined;
    const days = told.map((one) => one.asOf.slice(0, 10));
    return { series: published.manifest.series, told: days, smallestCell: SMALLEST_CELL, cube };
  },
});
