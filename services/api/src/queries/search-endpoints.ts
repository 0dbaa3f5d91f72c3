import { type Queryable, withTransaction } from '@kubecensus/shared/database';
import {
  compileQuery,
  type FieldName,
  fieldsOf,
  type History,
  namesField,
  type Query,
  toField,
} from '@kubecensus/shared/history';
import { type SupportState, toFreshness } from '@kubecensus/shared/kubernetes';
import type pg from 'pg';
import { findPage } from './find-page.ts';
import { CLUSTER_SINCE, toClusterJoin, toMembers, toNamedMembers, toPlaceJoin } from './members.ts';
import { createRecordDialect, needsCalendar, needsPlace } from './record-dialect.ts';
import { type Population, resolveSubject, type Subject } from './resolve-subject.ts';

export interface SearchQuestion extends Subject {
  query: Query;
  /** Rows of one page; 100 unless told. */
  limit?: number;
  /** The last row of the page before. */
  after?: EndpointPlace;
  /** After which the store gives a page up; never unless told. */
  timeoutMs?: number;
  /** Finds the endpoints of a page in what is published of the census, where that is what the record says. */
  history?: History;
}

/** What orders endpoints, and names each. */
export interface EndpointPlace {
  address: string;
  port: number;
  component: string;
}

export interface FoundEndpoint extends EndpointPlace {
  /** The same number means the same evidence, byte for byte. */
  evidenceId: number;
  outcome: string;
  distribution: string | null;
  confidence: string | null;
  version: string | null;
  minor: string | null;
  minorLow: string | null;
  minorHigh: string | null;
  exposure: string | null;
  silence: string | null;
  /** On the day that the answer is for; null where no calendar knows the version. */
  support: SupportState | null;
  exactSan: boolean | null;
  answering: boolean | null;
  reason: string | null;
  rules: string[] | null;
  subject: string | null;
  issuer: string | null;
  names: string[];
  notBefore: Date | null;
  notAfter: Date | null;
  /** By the scans of this record; null of what was imported and never seen by one. */
  firstSeenAt: Date | null;
  lastSeenAt: Date | null;
  /** Where its address lies, by the tables of the census; null where they do not know. */
  asn: number | null;
  asName: string | null;
  country: string | null;
  provider: string | null;
  /** Null where no cluster is told. */
  cluster: string | null;
  /** Day on which the cluster began, at the latest; null where that cannot be read. */
  clusterSince: string | null;
  /** One server that shows itself on many addresses or ports. */
  mirrored: boolean;
  /** The mark that more than one cluster shows, where nothing else tells the cluster. */
  template: string | null;
}

export interface SearchPage {
  of: Population;
  /** By address (IPv4 first), port, component. */
  rows: FoundEndpoint[];
  /** For `after`; absent on the last page. */
  next?: EndpointPlace;
  /** Fields of the query that no endpoint has a value of yet. */
  notMeasured: FieldName[];
}

const ALL: Query = { kind: 'all' };

/** Endpoints that meet the query, look-alikes only where it asks for them. Moments and texts of certificates are allowed. */
export async function searchEndpoints(pool: pg.Pool, question: SearchQuestion): Promise<SearchPage> {
  const { limit = 100 } = question;
  return await withTransaction(
    pool,
    async (client) => {
      if (question.timeoutMs !== undefined) {
        await client.query(`SELECT set_config('statement_timeout', $1, true)`, [String(question.timeoutMs)]);
      }
      const of = await resolveSubject(client, question);
      const asOf = (of.kind === 'census' ? of.census.asOf : new Date()).toISOString().slice(0, 10);
      const found = await findPage(client, of, { ...question, limit: limit + 1 });
      // What is found already meets the question, and comes behind the page before.
      const { query, after } = found === undefined ? question : { query: ALL, after: undefined };
      const members = found === undefined ? toMembers(of) : toNamedMembers(of, found);
      const dialect = createRecordDialect([...members.values], asOf, of.kind !== 'census');
      const calendar = needsCalendar(fieldsOf(query)) ? await selectCalendar(client, asOf) : [];
      const calendarSql = `(SELECT * FROM json_to_recordset(${dialect.parameter(JSON.stringify(calendar))}::json)
                            AS (distribution text, minor text, support text, ends_on date))`;
      const condition = compileQuery(query, dialect);
      const alike = namesField(query, 'outcome') ? 'true' : `evidence.outcome <> 'look-alike'`;
      const present =
        found !== undefined
          ? 'true'
          : namesField(query, 'mirrored')
            ? alike
            : `${alike} AND folded.mirrored IS NOT TRUE`;
      const following =
        after === undefined
          ? 'true'
          : `(member.address, member.port, member.component) > (${dialect.parameter(after.address)}::inet,
              ${dialect.parameter(after.port)}, ${dialect.parameter(after.component)})`;
      const place = toPlaceJoin(of);
      // Where the rows of a page lie is looked up for them alone, unless the query itself asks about it.
      const statement = `
         SELECT member.endpoint_id, member.address AS inet, host(member.address) AS address, member.port, member.component,
                member.evidence_id AS "evidenceId", evidence.outcome,
                verdict.distribution, verdict.confidence, verdict.version, verdict.minor,
                verdict.minor_low AS "minorLow", verdict.minor_high AS "minorHigh", verdict.exposure, verdict.silence,
                verdict.exact_san AS "exactSan", verdict.answering, verdict.reason, verdict.rules,
                leaf.subject, leaf.issuer, COALESCE(leaf.dns_names, '{}') AS names,
                leaf.not_before AS "notBefore", leaf.not_after AS "notAfter",
                folded.cluster_id AS cluster, to_char(${CLUSTER_SINCE}, 'YYYY-MM-DD') AS "clusterSince",
                COALESCE(folded.mirrored, false) AS mirrored,
                CASE WHEN folded.reason = 'template' THEN folded.mark END AS template,
                endpoint.first_seen_at AS "firstSeenAt", endpoint.last_seen_at AS "lastSeenAt"
         FROM (${members.sql}) AS member
         LEFT JOIN endpoints AS endpoint USING (address, port, component)
         JOIN evidence ON evidence.evidence_id = member.evidence_id
         LEFT JOIN fingerprints AS verdict ON verdict.evidence_id = member.evidence_id
         LEFT JOIN certificates AS leaf ON leaf.certificate_hash = evidence.chain[1]
         LEFT JOIN ${calendarSql} AS calendar
           ON calendar.distribution = verdict.distribution AND calendar.minor = verdict.minor
         ${toClusterJoin(of)}
         ${needsPlace(fieldsOf(query)) ? place : ''}
         WHERE ${present} AND ${condition} AND ${following}
         ORDER BY member.address, member.port, member.component
         LIMIT ${dialect.parameter(limit + 1)}`;
      const { rows } = await client.query<FoundEndpoint & { endpoint_id: unknown; inet: unknown }>(
        `SELECT member.*, place.asn, place.as_name AS "asName", place.country, place.provider
         FROM (${statement}) AS member ${place}
         ORDER BY member.inet, member.port, member.component`,
        dialect.values,
      );
      const page = rows.slice(0, limit).map(({ endpoint_id: _id, inet: _inet, ...row }) => {
        return { ...row, support: toSupport(row, asOf) };
      });
      const last = page.at(-1);
      const notMeasured = fieldsOf(question.query).filter((field) => !toField(field).measured);
      if (rows.length <= limit || last === undefined) return { of, rows: page, notMeasured };
      const { address, port, component } = last;
      return { of, rows: page, next: { address, port, component }, notMeasured };
    },
    { isolation: 'repeatable read' },
  );
}

function toSupport(
  { minor, distribution }: Pick<FoundEndpoint, 'minor' | 'distribution'>,
  asOf: string,
): SupportState | null {
  if (minor === null || distribution === null) return null;
  return toFreshness(minor, distribution, asOf).state ?? null;
}

interface CalendarRow {
  distribution: string;
  minor: string;
  support: SupportState | undefined;
  ends_on: string | undefined;
}

const DAY_MS = 86_400_000;

/** The support of every version that the record knows, on one day: the calendar lives in code, so it is handed over. */
async function selectCalendar(client: Queryable, asOf: string): Promise<CalendarRow[]> {
  const { rows } = await client.query<{ distribution: string; minor: string }>(
    `SELECT DISTINCT distribution, minor FROM fingerprints WHERE minor IS NOT NULL`,
  );
  return rows.map(({ distribution, minor }) => {
    const { state, vendor, upstream } = toFreshness(minor, distribution, asOf);
    const calendar = vendor ?? upstream;
    const left = calendar?.extendedDaysLeft ?? calendar?.daysLeft;
    const ends = left === undefined ? undefined : new Date(Date.parse(asOf) + left * DAY_MS).toISOString().slice(0, 10);
    return { distribution, minor, support: state, ends_on: ends };
  });
}
