import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Observation } from '@kubecensus/shared/messages';
import { isCleanText } from '@kubecensus/shared/text';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabProcess, type LabTruth, spawnLab } from '../services/lab/src/index.ts';
import { createProbe, type Probe } from '../services/prober/src/probe-target.ts';
import { runCommand } from './support/command.ts';
import { OWN_ADDRESS } from './support/own-address.ts';
import { CertificatePool } from './support/prober/certificates.ts';
import { afterHandshake, goodAnswer, sendData } from './support/prober/hostile-hosts.ts';
import { type RunningServer, startTlsServer } from './support/prober/servers.ts';

type Target = { address: string; port: number };
type End = Target & { end: string; durationMs: number; secondConnection?: string };

const inSupport = (name: string) => fileURLToPath(new URL(`support/prober/${name}`, import.meta.url));
const OPERATOR = { url: 'https://scan.example.org/', name: 'scan.example.org' };

/** Out of a busy machine's reach. */
const LONG_MS = 60_000;
const PATIENT = { connectTimeoutMs: LONG_MS, firstFlightTimeoutMs: LONG_MS, answerTimeoutMs: LONG_MS };

describe('a thousand hostile hosts at once, beside two thousand honest ones', () => {
  const HOSTILE = 1000;
  const HONEST = 2000;
  /** Of each phase of a look at a hostile host. Two connections have three phases each. */
  const DEADLINE_MS = 2500;
  const LATEST_MS = 6 * DEADLINE_MS + 30_000;
  /**
   * Above what the process has before. By the caps each of a thousand could hold 100 KiB of a first flight and then 192
   * KiB of an answer; that they are not held at the same time, and not for longer than they are read, is what this says.
   */
  const MOST_BYTES = 150_000_000;

  let lab: LabProcess;
  let truths: LabTruth[];
  const honest: RunningServer[] = [];
  let ends: Map<string, End>;
  let grownBytes: number;

  const keyOf = ({ address, port }: Target) => `${address}:${port}`;

  beforeAll(async () => {
    lab = await spawnLab({ hosts: 1, seed: 5, evils: HOSTILE });
    truths = (await lab.truth(1)).filter(({ evil }) => evil !== undefined);
    const starting = Array.from({ length: HONEST }, () =>
      afterHandshake((session) => sendData(session, goodAnswer), OWN_ADDRESS),
    );
    honest.push(...(await Promise.all(starting)));
    // Thousands of ports, of an address that no other test takes one of.
    const options = { operator: OPERATOR, version: '0.1.0', sourceAddress: OWN_ADDRESS };
    const deadlines = {
      connectTimeoutMs: DEADLINE_MS,
      firstFlightTimeoutMs: DEADLINE_MS,
      answerTimeoutMs: DEADLINE_MS,
    };
    const child = fork(inSupport('probe-child.mjs'), { serialization: 'advanced', execArgv: [] });
    const exited = once(child, 'exit');
    child.send({
      probes: [
        { options: { ...options, ...PATIENT }, targets: honest.map(({ port }) => ({ address: OWN_ADDRESS, port })) },
        { options: { ...options, ...deadlines }, targets: truths.map(({ address, port }) => ({ address, port })) },
      ],
    });
    const [told] = (await once(child, 'message')) as [{ ends: End[]; rssBefore: number; rssPeak: number }];
    await exited;
    ends = new Map(told.ends.map((end) => [keyOf(end), end]));
    grownBytes = told.rssPeak - told.rssBefore;
  }, 120_000);
  afterAll(async () => {
    await lab?.close();
    await Promise.all(honest.map((server) => server.close()));
  });

  it('every honest one is found, over one connection', () => {
    const found = honest.map(({ port }) => ends.get(`${OWN_ADDRESS}:${port}`));
    expect(found.filter((end) => end?.end !== 'answered' || end.secondConnection !== undefined)).toEqual([]);
    // The first was looked at once more, before the measure.
    expect(honest.slice(1).filter((server) => server.connections() !== 1)).toEqual([]);
  });

  it('every hostile one ends, by its deadlines, with an outcome that names what it did or that the time was up', () => {
    expect(truths).toHaveLength(HOSTILE);
    const misnamed = truths.flatMap((truth) => {
      const { end = 'nothing', durationMs = 0, secondConnection } = ends.get(keyOf(truth)) ?? {};
      const named = [...(truth.outcomes ?? []), 'read-timeout', 'connection-timeout', 'present: no-answer'];
      // What the first connection came to stands where the fallback's time was up.
      if (secondConnection === 'fallback') named.push('handshake-refused');
      const isNamed = named.some((name) => end === name || end.startsWith(`${name}: `));
      return isNamed && durationMs < LATEST_MS ? [] : [`${truth.evil}: ${end} after ${durationMs} ms`];
    });
    expect(misnamed).toEqual([]);
  });

  it('memory is bounded', () => {
    expect(grownBytes).toBeLessThan(MOST_BYTES);
  });
});

/** What a host of each kind comes to when nothing else takes the machine's time; kinds with variants come to several. */
const ENDS: Readonly<Record<string, readonly string[]>> = {
  'alert-storm': ['malformed-tls'],
  'banner-without-end': ['not-tls'],
  'body-without-end': ['present: answer-too-large'],
  'chunk-extension-without-end': ['present: answer-too-large'],
  'deep-json': ['answered'],
  'dripped-answer': ['present: no-answer'],
  'dripped-handshake': ['read-timeout'],
  'false-content-length': ['present: closed', 'answered', 'present: malformed-answer', 'present: answer-too-large'],
  'gzip-bomb': ['answered'],
  'header-flood': ['present: answer-too-large'],
  'header-without-end': ['present: answer-too-large'],
  'hostile-text': ['answered'],
  'huge-content-length': ['present: answer-too-large'],
  'informational-flood': ['present: answer-too-large'],
  'key-parser-abort': ['answered'],
  'long-chain': ['malformed-tls'],
  'many-names': ['answered'],
  'message-without-end': ['malformed-tls'],
  'never-closes': ['answered'],
  noise: ['not-tls'],
  'one-byte-records': ['answered'],
  'oversized-record': ['malformed-tls'],
  'page-without-end': ['not-tls'],
  'prototype-json': ['answered'],
  redirect: ['answered'],
  renegotiation: ['present: no-answer'],
  reset: ['closed-silently', 'malformed-tls'],
  'silent-accept': ['read-timeout'],
};

function listTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...Object.keys(value), ...Object.values(value).flatMap(listTexts)];
}

/** Kinds that go on for as long as they are let: only a deadline ends them. */
const ENDED_BY_US: Readonly<Record<string, { firstFlightTimeoutMs?: number; answerTimeoutMs?: number }>> = {
  'dripped-answer': { answerTimeoutMs: 300 },
  'dripped-handshake': { firstFlightTimeoutMs: 300 },
  renegotiation: { answerTimeoutMs: 300 },
  'silent-accept': { firstFlightTimeoutMs: 300 },
};

describe('one hostile host of each kind', () => {
  const VARIANTS = 6;
  let lab: LabProcess;
  let truths: LabTruth[];
  const probes: Probe[] = [];

  function startProbe(options: Partial<Parameters<typeof createProbe>[0]> = {}): Probe {
    const probe = createProbe({ operator: OPERATOR, version: '0.1.0', mayConnect: () => true, ...PATIENT, ...options });
    probes.push(probe);
    return probe;
  }

  const look = (probe: Probe, { address, port }: Target): Promise<Observation> =>
    probe.probe({ address, port }, 'kube-apiserver');
  const named = ({ outcome, reason }: Observation) => (reason === undefined ? outcome : `${outcome}: ${reason}`);

  beforeAll(async () => {
    lab = await spawnLab({ hosts: 1, seed: 5, evils: VARIANTS * Object.keys(ENDS).length });
    truths = (await lab.truth(1)).filter(({ evil }) => evil !== undefined);
  });
  afterAll(async () => {
    await Promise.all(probes.map((probe) => probe.close()));
    await lab?.close();
  });

  it('the table below knows all that the lab plays', () => {
    expect(new Set(truths.map(({ evil }) => evil))).toEqual(new Set(Object.keys(ENDS)));
  });

  it.each(Object.entries(ENDS))('%s is named for what it did: %j', async (kind, wanted) => {
    const probe = startProbe(ENDED_BY_US[kind]);
    const hosts = truths.filter(({ evil }) => evil === kind);
    expect(hosts).toHaveLength(VARIANTS);
    const seen = await Promise.all(hosts.map((host) => look(probe, host)));
    expect(new Set(seen.map(named))).toEqual(new Set(wanted));
    const lengths = seen.map(({ evidence }) => evidence.response?.body.length ?? 0);
    expect(Math.max(...lengths)).toBeLessThan(100_000);
  });

  it('text of strangers, in whatever field and encoding it comes, reaches a line of output clean or escaped', async () => {
    const hosts = truths.filter(({ evil }) => evil === 'hostile-text');
    const input = hosts.map(({ address, port }) => `${address}:${port}\n`).join('');
    const { code, stdout } = await runCommand(['probe', '--classify', '-'], { input });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(VARIANTS);
    expect(lines.every((line) => isCleanText(line))).toBe(true);
    for (const line of lines) {
      const { result } = JSON.parse(line).data['kube-apiserver'];
      // The body is kept as it came, as the certificate's bytes are.
      const { response, ...read } = result;
      const texts = listTexts([read, response.headers]);
      // Subject, issuer, a name among the alternative ones, a client CA, and each header that is kept.
      expect(texts.filter((text) => text.includes('alert(1)')).length).toBeGreaterThanOrEqual(13);
      expect(texts.every((text) => isCleanText(text))).toBe(true);
      expect(response.body.includes('\\u0000\\u001b[31mred')).toBe(true);
    }
  });

  it('a certificate that aborts the key parser kills a child that reads keys, and only its own host is lost', async () => {
    const certificates = new CertificatePool();
    const companions = await Promise.all(
      Array.from({ length: 12 }, () => startTlsServer({ ...certificates.apiServer(), minVersion: 'TLSv1.3' })),
    );
    try {
      const probe = startProbe({ fallbackModule: inSupport('key-reading-child.mjs') });
      const killers = truths.filter(({ evil }) => evil === 'key-parser-abort').slice(0, 2);
      const looks = companions.map(({ port }) => look(probe, { address: '127.0.0.1', port }));
      const killed = await Promise.all(killers.map((killer) => look(probe, killer)));
      expect(killed.map(named)).toEqual(['fallback-crashed', 'fallback-crashed']);
      expect(new Set((await Promise.all(looks)).map(named))).toEqual(new Set(['answered']));
      // The first connection, the fallback, and for those that a child took with it one more.
      expect(Math.max(...companions.map((server) => server.connections()))).toBeLessThanOrEqual(3);
    } finally {
      await Promise.all(companions.map((server) => server.close()));
      certificates.remove();
    }
  });
});
