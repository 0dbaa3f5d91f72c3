import Type from 'typebox';

const key = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]));
const figures = Type.Array(Type.Number());

const measured = Type.Union([Type.Number(), Type.Null()]);

/** Null: not measured. Shares from 0 to 1; those of loss are lower bounds. */
export const qualitySchema = Type.Object({
  connects: measured,
  slowConnects: measured,
  packetsLost: measured,
  targetsLost: measured,
  lossDials: measured,
  lossDialsLost: measured,
  canaryLooks: measured,
  canaryHits: measured,
  canaryRecall: measured,
  starved: measured,
  longestLagMs: measured,
});

export const censusSchema = Type.Object({
  seriesId: Type.Integer(),
  series: Type.String(),
  publication: Type.Integer(),
  censusNumber: Type.Integer(),
  revision: Type.Integer(),
  revisionReason: Type.String(),
  asOf: Type.String(),
  targetCount: Type.Number(),
  lookedAt: Type.Number(),
  coverage: Type.Number(),
  notReached: Type.Integer(),
  quality: qualitySchema,
  callsGone: Type.Boolean(),
  withheld: Type.Integer(),
  method: Type.String(),
});

export const crossTabSchema = Type.Object({
  of: censusSchema,
  unit: Type.String(),
  by: Type.Array(Type.String()),
  cells: Type.Array(Type.Object({ key, count: Type.Number() })),
  other: Type.Object({ cells: Type.Integer(), count: Type.Number() }),
  total: Type.Number(),
  notMeasured: Type.Array(Type.String()),
});

export const trendSchema = Type.Object({
  unit: Type.String(),
  by: Type.Array(Type.String()),
  censuses: Type.Array(censusSchema),
  lines: Type.Array(Type.Object({ key, counts: figures })),
  other: Type.Object({ lines: Type.Integer(), counts: figures }),
  total: figures,
  notMeasured: Type.Array(Type.String()),
  references: Type.Array(
    Type.Object({ on: Type.String(), count: Type.Number(), unit: Type.String(), what: Type.String() }),
  ),
});

const pair = Type.Array(Type.Union([Type.String(), Type.Null()]), { minItems: 2, maxItems: 2 });

export const diffSchema = Type.Object({
  earlier: censusSchema,
  later: censusSchema,
  counts: Type.Record(Type.String(), Type.Number()),
  clusters: Type.Object({ stayed: Type.Number(), came: Type.Number(), went: Type.Number() }),
  rows: Type.Array(
    Type.Object({
      state: Type.String(),
      address: Type.String(),
      port: Type.Integer(),
      component: Type.String(),
      distributions: pair,
      versions: pair,
    }),
  ),
  notMeasured: Type.Array(Type.String()),
});
