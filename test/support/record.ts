import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type pg from 'pg';
import { AddressSetBuilder, parseRange, Scope } from '../../shared/src/addresses/index.ts';
import type { Observation, ObservationBatch, Response, ShardSummary } from '../../shared/src/messages/index.ts';
import type { Outcome } from '../../shared/src/vocabulary/index.ts';
import { toCertificateDer, toNameDer } from './certificate-der.ts';

/** A scan in the record as a planner leaves it, without one: what the indexer's and the queries' tests begin with. */
export interface PlannedScan {
  kind?: 'census' | 'ad-hoc' | 'check';
  /** Ranges of the frozen scope. */
  ranges?: readonly string[];
  ports?: readonly number[];
  seriesId?: number;
  shards?: number;
  asOf?: string;
  rate?: number;
}

function toScope(ranges: readonly string[], ports: readonly number[]): Scope {
  const builder = new AddressSetBuilder();
  for (const range of ranges) builder.add(parseRange(range));
  return Scope.of([{ addresses: builder.build(), ports: [...ports] }]);
}

export async function insertSeries(pool: pg.Pool, name: string = randomUUID()): Promise<number> {
  const { rows } = await pool.query<{ series_id: number }>(
    `INSERT INTO series (scope_hash, method_major, name) VALUES (sha256($1::text::bytea), 1, $1) RETURNING series_id`,
    [name],
  );
  return rows[0]?.series_id ?? 0;
}

export async function insertScan(pool: pg.Pool, planned: PlannedScan = {}): Promise<string> {
  const scope = toScope(planned.ranges ?? ['127.0.0.0/24'], planned.ports ?? [6443]);
  const hash = scope.hash();
  await pool.query(
    `INSERT INTO scan_scopes (scope_hash, body, target_count, summary) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [hash, Buffer.from(scope.toBytes()), scope.size, 'of a test'],
  );
  const shards = planned.shards ?? 1;
  const { rows } = await pool.query<{ scan_id: string }>(
    `INSERT INTO scans (kind, series_id, scope_hash, permutation_key, target_count, shard_count, rate, as_of, purpose, method)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'test', '{}') RETURNING scan_id::text`,
    [
      planned.kind ?? (planned.seriesId === undefined ? 'ad-hoc' : 'census'),
      planned.seriesId ?? null,
      hash,
      Buffer.alloc(32),
      scope.size,
      shards,
      planned.rate ?? 1000,
      planned.asOf ?? '2026-01-05T00:00:00Z',
    ],
  );
  const scanId = rows[0]?.scan_id ?? '';
  await pool.query(
    `INSERT INTO shards (scan_id, shard_number, start_index, end_index)
     SELECT $1, n, n, n + 1 FROM generate_series(0, $2::integer - 1) AS n`,
    [scanId, shards],
  );
  return scanId;
}

/** What the prober's lease does: a new attempt, none of whose batches is committed. */
export async function leaseShard(pool: pg.Pool, scanId: string, shardNumber: number): Promise<number> {
  const { rows } = await pool.query<{ attempt: number }>(
    `UPDATE shards SET state = 'leased', attempt = attempt + 1, batches_committed = 0, batch_count = NULL
     WHERE scan_id = $1 AND shard_number = $2 RETURNING attempt`,
    [scanId, shardNumber],
  );
  return rows[0]?.attempt ?? 0;
}

/** What the prober says when it has looked at all targets of a shard. */
export async function finishShard(
  pool: pg.Pool,
  scanId: string,
  shardNumber: number,
  batchCount: number,
  outcomes: Partial<Record<Outcome, number>> = {},
  counted: Partial<ShardSummary> = {},
): Promise<void> {
  await pool.query(
    `UPDATE shards SET state = 'probed', batch_count = $3, summary = $4 WHERE scan_id = $1 AND shard_number = $2`,
    [scanId, shardNumber, batchCount, JSON.stringify({ outcomes, ...counted })],
  );
}

export function toBatch(
  of: { scanId: string; shardNumber?: number; attempt?: number; batchNumber?: number },
  lines: readonly (Observation | string)[],
): ObservationBatch {
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  return {
    scanId: of.scanId,
    shardNumber: of.shardNumber ?? 0,
    attempt: of.attempt ?? 1,
    batchNumber: of.batchNumber ?? 0,
    observations: gzipSync(text).toString('base64'),
  };
}

const API_SERVER_NAMES = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** An API server with kubeadm's certificate that tells its version. `serial` makes its evidence its own. */
export function apiServerSaying(gitVersion: string, address: string, serial: number): Observation {
  const [, major = '1', minor = '0'] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  const body = JSON.stringify({
    major,
    minor,
    gitVersion,
    gitCommit: 'a'.repeat(40),
    gitTreeState: 'clean',
    buildDate: '2025-08-27T10:09:04Z',
    goVersion: 'go1.24.6',
    compiler: 'gc',
    platform: 'linux/amd64',
  });
  return answeredBy(address, serial, answer(200, body));
}

/** An API server that refuses the request. */
export function apiServerRefusing(status: 401 | 403, address: string, serial: number): Observation {
  const body = JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: status });
  return answeredBy(address, serial, answer(status, body));
}

function answeredBy(address: string, serial: number, response: Response): Observation {
  const { reason: _none, ...rest } = presentApiServer(address, serial);
  return { ...rest, outcome: 'answered', evidence: { ...rest.evidence, response } };
}

function answer(status: number, body: string): Response {
  return {
    status,
    headers: [['content-type', 'application/json']],
    body: Buffer.from(body).toString('base64'),
  };
}

export function presentApiServer(address: string, serial: number): Observation {
  return {
    address,
    port: 6443,
    component: 'kube-apiserver',
    outcome: 'present',
    reason: 'no-answer',
    observedAt: 1_760_000_000_000,
    durationMs: 12,
    evidence: evidenceOf(address, serial),
  };
}

function evidenceOf(address: string, serial: number): Observation['evidence'] {
  const der = toCertificateDer({
    serial,
    subject: 'kube-apiserver',
    issuer: 'kubernetes',
    dnsNames: [...API_SERVER_NAMES, `node-${serial}`],
    ipAddresses: ['10.96.0.1', address],
  });
  return {
    chain: [der.toString('base64')],
    chainLength: 1,
    firstFlight: {
      tlsVersion: 'tls12',
      cipherSuite: 0xc02f,
      curve: 29,
      signatureAlgorithm: 0x0804,
      extensions: [65281, 23, 11],
      extendedMasterSecret: true,
      downgradeMark: true,
      sessionIdLength: 0,
      certificateRequest: {
        types: [1, 64],
        signatureAlgorithms: [0x0804, 0x0403],
        clientCas: [toNameDer('kubernetes').toString('base64'), toNameDer('front-proxy-ca').toString('base64')],
      },
      serverHello: Buffer.alloc(60, 3).toString('base64'),
    },
  };
}

/** A look that found nothing: only revisits and checks record these. */
export function lookWithout(outcome: Outcome, address: string): Observation {
  return {
    address,
    port: 6443,
    component: 'kube-apiserver',
    outcome,
    observedAt: 1_760_000_000_000,
    durationMs: 3,
    evidence: { chain: [], chainLength: 0 },
  };
}
