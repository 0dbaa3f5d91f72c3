import Type, { type Static } from 'typebox';

/** A census of a series is complete and its sightings are in the record. */
export const censusClosedSchema = Type.Object({
  seriesId: Type.Integer({ minimum: 1 }),
  censusNumber: Type.Integer({ minimum: 1 }),
});

export type CensusClosed = Static<typeof censusClosedSchema>;
