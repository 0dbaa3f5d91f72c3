import { once } from 'node:events';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Arrival, type LabProcess, type LabTruth, spawnLab } from '../services/lab/src/index.ts';
import { type Flow, openFlow } from './support/flow.ts';

const PATIENCE = { timeout: 60_000, interval: 100 };
const OPERATOR = { url: 'https://census.r4e.example.net/about', name: 'census.r4e.example.net' };

let lab: LabProcess;
let flow: Flow;
let truth: LabTruth[];
let arrivals: Arrival[];
let k3s: LabTruth;
let certificateBefore: string;
/** Targets that were dialled twice for the scan's loss estimate: one in a thousand of those that answer, by chance. */
let sampled: number;

/** As a browser would see it: a name of our own choosing is not sent, so that the reader of the truth changes nothing. */
async function servingCertificate({ address, port }: LabTruth): Promise<string> {
  const socket = tls.connect({ host: address, port, rejectUnauthorized: false, servername: '' });
  await once(socket, 'secureConnect');
  const raw = socket.getPeerX509Certificate()?.raw.toString('hex') ?? '';
  socket.destroy();
  await once(socket, 'close');
  return raw;
}

async function speaksTls12({ address, port }: LabTruth): Promise<boolean> {
  const socket = tls.connect({ host: address, port, rejectUnauthorized: false, servername: '', maxVersion: 'TLSv1.2' });
  try {
    await once(socket, 'secureConnect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

beforeAll(async () => {
  lab = await spawnLab({ hosts: 80, seed: 11, record: true });
  truth = await lab.truth(1);
  const first = truth.find(({ distribution, present }) => distribution === 'k3s' && present);
  if (first === undefined) throw new Error('this seed has no k3s');
  k3s = first;
  certificateBefore = await servingCertificate(k3s);
  await lab.forget();
  flow = await openFlow();
  const scanId = await flow.plan({
    ...lab.targets,
    rate: 3000,
    operator: { url: OPERATOR.url, mail: 'ops@r4e.example.net' },
  });
  flow.forkProber();
  await vi.waitFor(async () => expect((await flow.progress(scanId)).state).toBe('completed'), PATIENCE);
  arrivals = await lab.recorded();
  const { rows } = await flow.database
    .pool()
    .query(`SELECT sum((summary -> 'secondConnections' ->> 'loss-sample')::integer) AS sampled FROM shards`);
  sampled = Number(rows[0]?.sampled ?? 0);
}, 120_000);
afterAll(async () => {
  await flow?.close();
  await lab?.close();
});

const of = ({ address, port }: { address: string; port: number }) => `${address}:${port}`;

function connectionsTo(target: LabTruth): Arrival[] {
  return arrivals.filter((arrival) => of(arrival) === of(target));
}

/** The fields of a ClientHello that tell who asks (RFC 5246 section 7.4.1.2). */
function readHello(hex: string): { record: string; random: Buffer; extensions: number[] } {
  const bytes = Buffer.from(hex, 'hex');
  let at = 5 + 4 + 2;
  const random = bytes.subarray(at, at + 32);
  at += 32;
  at += 1 + bytes.readUInt8(at);
  at += 2 + bytes.readUInt16BE(at);
  at += 1 + bytes.readUInt8(at);
  const end = at + 2 + bytes.readUInt16BE(at);
  at += 2;
  const extensions: number[] = [];
  while (at < end) {
    extensions.push(bytes.readUInt16BE(at));
    at += 4 + bytes.readUInt16BE(at + 2);
  }
  return { record: bytes.toString('hex', 0, 3), random, extensions };
}

describe('what arrives at a target, byte for byte', () => {
  it('is one connection, and a second one only where TLS 1.2 is refused or for the loss estimate', async () => {
    expect(arrivals.length).toBeGreaterThan(60);
    const twice = truth.filter((target) => connectionsTo(target).length > 1);
    expect(twice.length).toBeGreaterThan(0);
    let again = 0;
    for (const target of twice) {
      expect(connectionsTo(target), of(target)).toHaveLength(2);
      if (await speaksTls12(target)) again += 1;
    }
    expect(again).toBeLessThanOrEqual(sampled);
    for (const target of truth.filter(({ present }) => present)) {
      expect(connectionsTo(target).length, of(target)).toBeGreaterThan(0);
    }
  });

  it('begins with a hello that carries our name and no server name and no ALPN', () => {
    for (const target of truth.filter(({ present, distribution }) => present && distribution !== 'talos')) {
      const [{ first }] = connectionsTo(target) as [Arrival];
      const { record, random, extensions } = readHello(first);
      expect(record).toBe('160301');
      expect(random.toString('latin1')).toContain(`kubecensus ${OPERATOR.name}`.slice(0, 28));
      expect(extensions).not.toContain(0);
      expect(extensions).not.toContain(16);
      expect(extensions).toContain(23);
    }
  });

  it('goes on with exactly one request, and only where the first flight shows an API server', () => {
    const present = new Set(truth.filter((target) => target.present).map(of));
    let requests = 0;
    for (const arrival of arrivals) {
      if (arrival.request === '' || !arrival.first.startsWith('16')) continue;
      requests += 1;
      expect(present, of(arrival)).toContain(of(arrival));
      expect(arrival.request).toMatch(/^GET \/version HTTP\/1\.1\r\n/);
      expect(arrival.request).toBe(
        [
          'GET /version HTTP/1.1',
          `Host: ${arrival.address}`,
          `User-Agent: Mozilla/5.0 (compatible; kubecensus/0.1.0; +${OPERATOR.url})`,
          'Accept: application/json',
          'Accept-Encoding: identity',
          'Connection: close',
          '',
          '',
        ].join('\r\n'),
      );
    }
    const asked = new Set(arrivals.filter(({ request, first }) => request !== '' && first.startsWith('16')).map(of));
    expect([...present].filter((target) => !asked.has(target))).toEqual([]);
    expect(requests).toBeGreaterThanOrEqual(present.size);
    expect(requests).toBeLessThanOrEqual(present.size + sampled);
  });

  it('leaves the certificate of a k3s as it was', async () => {
    expect(connectionsTo(k3s).length).toBeLessThanOrEqual(1 + sampled);
    expect((await lab.learned()).filter(({ from }) => from !== 'local-address')).toEqual([]);
    expect(await servingCertificate(k3s)).toBe(certificateBefore);
  });

  it('would have changed it without the word Mozilla: the lab has the habit that the request avoids', async () => {
    const socket = tls.connect({ host: k3s.address, port: k3s.port, rejectUnauthorized: false, servername: '' });
    await once(socket, 'secureConnect');
    socket.write('GET /version HTTP/1.1\r\nHost: 203.0.113.77\r\nUser-Agent: curl/8\r\nConnection: close\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect((await lab.learned()).map(({ name }) => name)).toContain('IP:203.0.113.77');
    expect(await servingCertificate(k3s)).not.toBe(certificateBefore);
  });
});
