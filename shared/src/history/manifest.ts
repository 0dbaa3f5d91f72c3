import Type, { type Static } from 'typebox';

/** Of what is published now: 2 has the numbers of combinations among the columns of `endpoints`. */
export const FORMAT = 2;

export const MAX_ATTRIBUTION_LENGTH = 4000;

const text = (maxLength: number) => Type.String({ maxLength });

export const publishedFileSchema = Type.Object({
  table: Type.Union([
    Type.Literal('censuses'),
    Type.Literal('endpoints'),
    Type.Literal('hosts'),
    Type.Literal('clusters'),
  ]),
  /** Within the folder of the series; never the name of an earlier file with other bytes. */
  path: Type.String({ pattern: '^[a-z0-9_-]+\\.parquet$' }),
  rows: Type.Integer({ minimum: 0 }),
  bytes: Type.Integer({ minimum: 0 }),
  /** SHA-256 in hex. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});

export const publishedCensusSchema = Type.Object({
  censusNumber: Type.Integer({ minimum: 1 }),
  asOf: text(40),
  /** Of the record: 1, and one more each time that the census came to say something else. */
  revision: Type.Integer({ minimum: 1 }),
  /** Why it is not the first one any more; `completed` where it is. */
  revisionReason: Type.Optional(text(50)),
  /** Of what the census holds, whatever the order of the rows: equal digests, equal censuses. */
  digest: text(80),
  publishedAt: text(40),
  endpoints: Type.Integer({ minimum: 0 }),
  hosts: Type.Integer({ minimum: 0 }),
  clusters: Type.Integer({ minimum: 0 }),
});

/** A census that was published in other words before. */
export const supersededSchema = Type.Object({
  censusNumber: Type.Integer({ minimum: 1 }),
  revision: Type.Integer({ minimum: 1 }),
  digest: text(80),
  supersededAt: text(40),
  because: text(200),
});

export const manifestSchema = Type.Object({
  format: Type.Literal(FORMAT),
  seriesId: Type.Integer({ minimum: 1 }),
  series: text(200),
  /** Of the publication as a whole: one more each time. */
  revision: Type.Integer({ minimum: 1 }),
  publishedAt: text(40),
  producer: text(100),
  licence: Type.Object({ name: text(50), title: text(100), path: text(200) }),
  attribution: text(MAX_ATTRIBUTION_LENGTH),
  censuses: Type.Array(publishedCensusSchema),
  superseded: Type.Array(supersededSchema),
  files: Type.Array(publishedFileSchema),
});

/** What is published of one series. It is replaced as a whole: a reader sees the old one or the new one. */
export type Manifest = Static<typeof manifestSchema>;
export type PublishedFile = Static<typeof publishedFileSchema>;
export type PublishedCensus = Static<typeof publishedCensusSchema>;
export type SupersededCensus = Static<typeof supersededSchema>;
