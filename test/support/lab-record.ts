import type pg from 'pg';
import { advanceScan } from '../../services/indexer/src/census/advance-scan.ts';
import { CLASSIFIER, indexBatch } from '../../services/indexer/src/index.ts';
import { issueCertificate } from '../../services/lab/src/certificates/certificate.ts';
import { toDer } from '../../services/lab/src/certificates/der.ts';
import { toNameNode } from '../../services/lab/src/certificates/name.ts';
import type { LabTruth } from '../../services/lab/src/index.ts';
import { createKeyRing, type KeyRing } from '../../services/lab/src/keys/key-ring.ts';
import { type Calendar, createCalendar } from '../../services/lab/src/population/calendar.ts';
import type { PopulatedEndpoint } from '../../services/lab/src/population/endpoints.ts';
import { createLayout } from '../../services/lab/src/population/layout.ts';
import type { Evidence, Observation } from '../../shared/src/messages/index.ts';
import type { Component, Outcome } from '../../shared/src/vocabulary/index.ts';
import { finishShard, insertScan, insertSeries, leaseShard, toBatch } from './record.ts';

/** Weeks of a lab, taken into a record without a network: each host's observation is made of what it would show. */
/** Components whose one request is `GET /version` (services/prober/src/components). */
const ASKS_VERSION: ReadonlySet<string> = new Set([
  'kube-apiserver',
  'kube-apiserver-insecure',
  'etcd-client',
  'etcd-peer',
]);

export interface LabRecord {
  seriesId: number;
  /** Takes the next week in and closes its census; gives what is true in it. */
  nextWeek(): Promise<LabTruth[]>;
}

export interface LabRecordOptions {
  hosts: number;
  seed: number;
  components?: boolean;
  /** Puts a week's observations into another order. */
  shuffle?: <T>(observations: readonly T[]) => T[];
}

const NETWORK = '127.64.0.0';
const WEEK_MS = 7 * 86_400_000;
const FIRST_DAY = Date.UTC(2026, 8, 7);
/** Observations of one batch, which has 256 KB at most. */
const BATCH = 50;
const NO_WAIT = { delayMs: 0, shardMs: 1_000_000 };

export async function createLabRecord(pool: pg.Pool, options: LabRecordOptions): Promise<LabRecord> {
  const { hosts, seed } = options;
  const layout = createLayout({ seed, hosts, network: NETWORK, portShift: false, singleAddress: false, copies: true });
  const calendar = createCalendar({ seed, hosts, layout, components: options.components ?? false });
  const look = createLook(createKeyRing(seed));
  const seriesId = await insertSeries(pool);
  let week = 0;
  return {
    seriesId,
    async nextWeek() {
      week += 1;
      const asOf = new Date(FIRST_DAY + (week - 1) * WEEK_MS).toISOString();
      const { ranges } = layout.targets([]);
      const scanId = await insertScan(pool, { seriesId, ranges, ports: portsOf(calendar, week), asOf });
      const seen = calendar.endpoints(week).flatMap((endpoint) => look(endpoint));
      await send(pool, scanId, 0, (options.shuffle ?? ((all) => [...all]))(seen));
      await closeCensus(pool, scanId, new Map(calendar.endpoints(week).map((one) => [keyOf(one), one])));
      return calendar.truth(week);
    },
  };
}

export function keyOf({ address, port }: { address: string; port: number }): string {
  return `${address}:${port}`;
}

function portsOf(calendar: Calendar, week: number): number[] {
  return [...new Set(calendar.endpoints(week).map(({ port }) => port))].sort((a, b) => a - b);
}

async function send(pool: pg.Pool, scanId: string, shardNumber: number, lines: readonly Observation[]): Promise<void> {
  const attempt = await leaseShard(pool, scanId, shardNumber);
  const batches = Math.ceil(lines.length / BATCH);
  await finishShard(pool, scanId, shardNumber, batches);
  for (let batchNumber = 0; batchNumber < batches; batchNumber += 1) {
    const part = lines.slice(batchNumber * BATCH, (batchNumber + 1) * BATCH);
    await indexBatch(pool, CLASSIFIER, toBatch({ scanId, shardNumber, attempt, batchNumber }, part));
  }
  if (batches === 0)
    await pool.query(`UPDATE shards SET state = 'done' WHERE scan_id = $1 AND shard_number = $2`, [
      scanId,
      shardNumber,
    ]);
}

/** The scan and its revisits: what is not there any more refuses, what is away for the week resets or times out. */
async function closeCensus(pool: pg.Pool, scanId: string, here: ReadonlyMap<string, PopulatedEndpoint>): Promise<void> {
  for (;;) {
    const { step } = await advanceScan(pool, scanId, NO_WAIT);
    if (step === 'completed') return;
    if (step === 'none') throw new Error(`scan ${scanId} is not ready to be closed`);
    const { rows } = await pool.query<{ shard: number; address: string; port: number; component: Component }>(
      `SELECT shard_number AS shard, host(address) AS address, port, component
       FROM shards JOIN revisits ON revisits.scan_id = shards.scan_id
         AND revisit_number >= start_index AND revisit_number < end_index
       WHERE shards.scan_id = $1 AND kind = 'revisit' AND shards.state <> 'done'`,
      [scanId],
    );
    for (const shard of new Set(rows.map((row) => row.shard))) {
      const targets = rows.filter((row) => row.shard === shard);
      await send(
        pool,
        scanId,
        shard,
        targets.map((target) => missed(target, here.get(keyOf(target))?.server.kind)),
      );
    }
  }
}

function missed(
  target: { address: string; port: number; component: Component },
  kind: string | undefined,
): Observation {
  const outcome: Outcome =
    kind === 'resetting' ? 'closed-silently' : kind === 'timing-out' ? 'connection-timeout' : 'connection-refused';
  const { address, port, component } = target;
  return {
    address,
    port,
    component,
    outcome,
    observedAt: FIRST_DAY,
    durationMs: 1,
    evidence: { chain: [], chainLength: 0 },
  };
}

/** What a prober takes down of a host of the lab; nothing of one that is no part of Kubernetes. */
function createLook(keys: KeyRing): (endpoint: PopulatedEndpoint) => Observation[] {
  const issued = new Map<string, string>();
  const issue = (specification: Parameters<typeof issueCertificate>[0]) => {
    const text = JSON.stringify(specification, (_key, value: unknown) =>
      Buffer.isBuffer(value) ? value.toString('hex') : value,
    );
    const known = issued.get(text) ?? issueCertificate(specification, keys).toString('base64');
    issued.set(text, known);
    return known;
  };
  return ({ address, port, server, truth }) => {
    if ((server.kind !== 'api-server' && server.kind !== 'component') || truth.component === null) return [];
    const { component } = truth;
    const path = ASKS_VERSION.has(component) ? '/version' : component === 'etcd-metrics' ? '/health' : '/healthz';
    const answer = (server.answers.find(([of]) => of === path) ?? server.answers.find(([of]) => of === '*'))?.[1];
    const chain = (server.tls?.chain ?? []).map(issue);
    const evidence: Evidence = { chain, chainLength: chain.length };
    if (server.tls !== undefined) {
      const clientCas = (server.tls.clientCas ?? []).map((name) => toDer(toNameNode(name)).toString('base64'));
      evidence.firstFlight = {
        tlsVersion: server.tls.tls13Only === true ? 'tls13' : 'tls12',
        cipherSuite: 0xc02f,
        extensions: [],
        extendedMasterSecret: true,
        downgradeMark: true,
        sessionIdLength: 0,
        certificateRequest: { types: [1], signatureAlgorithms: [0x0804], clientCas },
        serverHello: '',
      };
    }
    if (answer !== undefined) {
      const headers = answer.headers.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
      evidence.response = { status: answer.status, headers, body: Buffer.from(answer.body).toString('base64') };
    }
    const observation: Observation = {
      address,
      port,
      component,
      outcome: answer === undefined ? 'present' : 'answered',
      ...(answer === undefined ? { reason: 'no-answer' as const } : {}),
      observedAt: FIRST_DAY,
      durationMs: 5,
      evidence,
    };
    if (server.tls !== undefined) observation.possession = server.tls.replayed === true ? 'failed' : 'proved';
    return [observation];
  };
}
