import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Observation } from '@kubecensus/shared/messages';
import type { Component } from '@kubecensus/shared/vocabulary';
import { afterEach, describe, expect, it } from 'vitest';
import { altNamesDer, certificateDer, dnsNameDer, nameDer } from '../../../test/support/der.ts';
import { readRecording } from '../../../test/support/prober/recordings.ts';
import {
  handshakeOf,
  type ScriptedSession,
  startScriptedTlsServer,
  toRecords,
} from '../../../test/support/prober/scripted-tls.ts';
import { type RunningServer, startTcpServer } from '../../../test/support/prober/servers.ts';
import { createProbe, type Probe } from './probe-target.ts';

const flight = readRecording('kube-apiserver-defaults').firstFlight as Buffer;
const answer = readRecording('kube-apiserver-defaults').answer ?? '';
/** Deadlines that a test waits for; all others are out of reach, so that a busy machine changes no outcome. */
const BRIEF_MS = 200;
const LONG_MS = 20_000;

const open: { close(): Promise<void> }[] = [];
const drips = new Set<NodeJS.Timeout>();
afterEach(async () => {
  for (const drip of drips) clearInterval(drip);
  drips.clear();
  for (const each of open.splice(0)) await each.close();
});

function startProbe(timeouts: { firstFlightTimeoutMs?: number; answerTimeoutMs?: number } = {}): Probe {
  const probe = createProbe({
    operator: { url: 'https://scan.example.org/', name: 'scan.example.org' },
    version: '0.1.0',
    mayConnect: () => true,
    connectTimeoutMs: LONG_MS,
    firstFlightTimeoutMs: LONG_MS,
    answerTimeoutMs: LONG_MS,
    ...timeouts,
  });
  open.push(probe);
  return probe;
}

async function look(
  starting: Promise<RunningServer>,
  probe: Probe = startProbe(),
  component: Component = 'kube-apiserver',
): Promise<Observation> {
  const server = await starting;
  open.push(server);
  return probe.probe({ address: '127.0.0.1', port: server.port }, component);
}

const briefFlight = () => startProbe({ firstFlightTimeoutMs: BRIEF_MS });
const briefAnswer = () => startProbe({ answerTimeoutMs: BRIEF_MS });

/** Writes a piece of `bytes` every few milliseconds for as long as the socket lives. */
function drip(socket: Socket, bytes: Buffer, size = 1, everyMs = 5): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= bytes.length) clearInterval(timer);
    else socket.write(bytes.subarray(at, at + size));
    at += size;
  }, everyMs);
  drips.add(timer);
}

/** A scripted server that sends its Finished, and then what `proceed` says. */
function afterHandshake(proceed: (session: ScriptedSession) => void): Promise<RunningServer> {
  return startScriptedTlsServer({
    flight,
    proceed: (session) => {
      session.socket.write(session.finished);
      proceed(session);
    },
  });
}

const data = (session: ScriptedSession, text: string | Buffer) => session.socket.write(session.seal(23, text));
const onConnect = (bytes: string | Buffer) =>
  startTcpServer((socket) => void socket.once('data', () => socket.write(bytes)));

describe('a host that never finishes its part of the handshake ends by its deadline', () => {
  it('silent accept', async () => {
    expect(
      await look(
        startTcpServer(() => {}),
        briefFlight(),
      ),
    ).toMatchObject({ outcome: 'read-timeout' });
  });

  it('a dripped first flight', async () => {
    const server = startTcpServer((socket) => void socket.once('data', () => drip(socket, flight)));
    expect(await look(server, briefFlight())).toMatchObject({ outcome: 'read-timeout', evidence: { chain: [] } });
  });

  it('a flight that stops before its last byte', async () => {
    expect(await look(onConnect(flight.subarray(0, -1)), briefFlight())).toMatchObject({ outcome: 'read-timeout' });
  });
});

describe('a host that is no TLS server, or breaks TLS, is told by name', () => {
  it.each([
    ['a close without a word', (socket: Socket): void => void socket.end(), 'closed-silently'],
    ['a reset without a word', (socket: Socket): void => void socket.resetAndDestroy(), 'closed-silently'],
    ['an SSH banner', (socket: Socket): void => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'), 'not-tls'],
  ] as const)('%s', async (_, serve, outcome) => {
    expect(await look(startTcpServer(serve))).toMatchObject({ outcome });
  });

  it.each([
    ['plain HTTP on the TLS port', 'HTTP/1.1 400 Bad Request\r\n\r\nClient sent an HTTP request', 'not-tls'],
    ['an alert storm', Buffer.from('150303000201'.concat('70').repeat(2000), 'hex'), 'malformed-tls'],
    [
      'a flood of empty messages',
      Buffer.concat(Array.from({ length: 9000 }, () => toRecords(Buffer.from([0, 0, 0, 0])))),
      'malformed-tls',
    ],
    [
      'a flight over the cap',
      Buffer.concat([
        flight.subarray(0, 60),
        toRecords(Buffer.concat([Buffer.from([11, 1, 0x90, 0]), Buffer.alloc(110_000)])),
      ]),
      'malformed-tls',
    ],
    ['an alert that asks for a name', Buffer.from('15030300020270', 'hex'), 'needs-name'],
    ['an alert of no common ground', Buffer.from('15030300020228', 'hex'), 'handshake-refused'],
  ])('%s', async (_, bytes, outcome) => {
    expect(await look(onConnect(bytes))).toMatchObject({ outcome });
  });

  it('a flight that breaks off', async () => {
    const server = startTcpServer((socket) => void socket.once('data', () => socket.end(flight.subarray(0, 900))));
    expect(await look(server)).toMatchObject({ outcome: 'malformed-tls' });
  });
});

describe('certificates of strangers', () => {
  const hello = handshakeOf(flight).subarray(0, 55);
  const done = Buffer.from([14, 0, 0, 0]);
  const uint24 = (value: number) => Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
  const withChain = (certificates: readonly Buffer[]) => {
    const list = Buffer.concat(certificates.flatMap((der) => [uint24(der.length), der]));
    return toRecords(
      Buffer.concat([hello, Buffer.from([11]), uint24(list.length + 3), uint24(list.length), list, done]),
    );
  };

  it('a chain of two hundred is counted, and ten are kept', async () => {
    const shop = certificateDer({ subject: nameDer('shop') });
    const observation = await look(onConnect(withChain(Array.from({ length: 200 }, () => shop))));
    expect(observation).toMatchObject({ outcome: 'not-component', evidence: { chainLength: 200 } });
    expect(observation.evidence.chain).toHaveLength(10);
  });

  it('80 KB of names are read, and the Kubernetes name among them is found', async () => {
    const names = Array.from({ length: 6000 }, (_, index) => dnsNameDer(`n${index}.example`));
    const crowd = certificateDer({ extensions: [altNamesDer(dnsNameDer('kubernetes'), ...names)] });
    expect(crowd.length).toBeGreaterThan(80_000);
    const observation = await look(onConnect(withChain([crowd])));
    // No share to finish with in this flight, and a fallback that meets the same answer.
    expect(observation).toMatchObject({ outcome: 'present', reason: 'false-start-refused' });
  });

  it.each([
    ['no DER at all', Buffer.from('not a certificate')],
    ['an empty one', Buffer.alloc(0)],
    [
      'names with NUL, ESC, line breaks and overrides',
      certificateDer({ subject: nameDer('kubernetes\0\x1b[2J\r\n\u202e<script>=cmd()') }),
    ],
  ])('%s is kept as it came and is no API server', async (_, der) => {
    const observation = await look(onConnect(withChain([der])));
    expect(observation).toMatchObject({ outcome: 'not-component', evidence: { chain: [der.toString('base64')] } });
  });

  it('a flight without a certificate is no API server', async () => {
    expect(await look(onConnect(toRecords(Buffer.concat([hello, done]))))).toMatchObject({ outcome: 'not-component' });
  });
});

describe('after our Finished', () => {
  it.each([
    ['a close', (session: ScriptedSession) => void session.socket.end()],
    ['a reset', (session: ScriptedSession) => void session.socket.resetAndDestroy()],
    ['an alert', (session: ScriptedSession) => void session.socket.write(Buffer.from('1503030002020a', 'hex'))],
  ])(
    '%s in place of the server Finished is a refused false start, and the fallback is tried once',
    async (_, proceed) => {
      const server = await startScriptedTlsServer({ flight, proceed });
      const observation = await look(Promise.resolve(server));
      expect(observation).toMatchObject({
        outcome: 'present',
        reason: 'false-start-refused',
        secondConnection: 'fallback',
      });
      expect(server.connections()).toBe(2);
    },
  );

  it('alert 42 to an empty certificate says that one is required, and no second connection follows', async () => {
    const server = await startScriptedTlsServer({
      flight: readRecording('etcd-client').firstFlight as Buffer,
      proceed: ({ socket }) => socket.end(Buffer.from('1503030002022a', 'hex')),
    });
    const observation = await look(Promise.resolve(server), startProbe(), 'etcd-client');
    expect(observation).toMatchObject({ outcome: 'present', reason: 'client-certificate-required' });
    expect(server.connections()).toBe(1);
  });

  it('a Finished that does not fit the transcript is a malformed answer', async () => {
    const server = startScriptedTlsServer({
      flight,
      proceed: ({ socket, finished, seal }) => {
        // The right Finished is sealed as record 0 and thrown away; another message is sealed as record 1.
        const ccs = finished.subarray(0, 6);
        socket.write(Buffer.concat([ccs, seal(22, Buffer.from('1400000c000000000000000000000000', 'hex'))]));
      },
    });
    expect(await look(server)).toMatchObject({ outcome: 'present', reason: 'malformed-answer' });
  });

  it.each([
    [
      'data before the server Finished',
      ({ socket, seal }: ScriptedSession) =>
        socket.write(Buffer.concat([Buffer.from('140303000101', 'hex'), seal(23, answer)])),
      'malformed-answer',
    ],
    ['silence', () => {}, 'no-answer'],
  ] as const)('%s', async (_, proceed, reason) => {
    const probe = reason === 'no-answer' ? briefAnswer() : startProbe();
    expect(await look(startScriptedTlsServer({ flight, proceed }), probe)).toMatchObject({
      outcome: 'present',
      reason,
    });
  });

  it.each([
    ['silence', () => {}, 'no-answer'],
    ['a dripped answer', (session: ScriptedSession) => drip(session.socket, session.seal(23, answer)), 'no-answer'],
    ['an answer that stops', (session: ScriptedSession) => data(session, answer.slice(0, -1)), 'no-answer'],
    [
      'an answer that breaks off',
      (session: ScriptedSession) => session.socket.end(session.seal(23, answer.slice(0, -1))),
      'closed',
    ],
    [
      'a reset in an answer',
      (session: ScriptedSession) =>
        session.socket.write(session.seal(23, 'HTTP/1.1 200'), () => session.socket.resetAndDestroy()),
      'closed',
    ],
    [
      'a close_notify in an answer',
      (session: ScriptedSession) =>
        session.socket.write(Buffer.concat([session.seal(23, 'HTTP/1.1 200'), session.seal(21, Buffer.from([1, 0]))])),
      'closed',
    ],
    [
      'a flood of informational answers',
      (session: ScriptedSession) => data(session, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(400)),
      'answer-too-large',
    ],
    [
      'a flood of headers',
      (session: ScriptedSession) => data(session, `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(2000)}`),
      'answer-too-large',
    ],
    [
      'an endless chunk extension',
      (session: ScriptedSession) =>
        data(session, `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;${'x'.repeat(9000)}`),
      'answer-too-large',
    ],
    [
      'a huge content length',
      (session: ScriptedSession) => data(session, 'HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n'),
      'answer-too-large',
    ],
    [
      'a false content length',
      (session: ScriptedSession) => data(session, 'HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n{}'),
      'no-answer',
    ],
    ['no HTTP', (session: ScriptedSession) => data(session, 'SSH-2.0-OpenSSH_9.2\r\n'), 'malformed-answer'],
    [
      'a record that does not open',
      (session: ScriptedSession) =>
        session.socket.write(Buffer.concat([Buffer.from('1703030020', 'hex'), Buffer.alloc(32)])),
      'malformed-answer',
    ],
    [
      'a record over the largest',
      (session: ScriptedSession) => session.socket.write(Buffer.from('170303ffff', 'hex')),
      'malformed-answer',
    ],
  ] as const)('%s', async (_, proceed, reason) => {
    const probe = reason === 'no-answer' ? briefAnswer() : startProbe();
    expect(await look(afterHandshake(proceed), probe)).toMatchObject({ outcome: 'present', reason });
  });

  it.each([
    ['requests to renegotiate', (session: ScriptedSession) => session.seal(22, Buffer.alloc(4))],
    ['headers in records of one byte', (session: ScriptedSession) => session.seal(23, 'A')],
  ])('a flood of %s ends at the cap of bytes', async (_, record) => {
    const server = await afterHandshake((session) => {
      data(session, 'HTTP/1.1 200 OK\r\n');
      for (let sent = 0; sent < 9000; sent++) session.socket.write(record(session));
    });
    open.push(server);
    const observation = await startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
    expect(observation).toMatchObject({ outcome: 'present', reason: 'answer-too-large' });
  });

  it('a request to renegotiate with more behind it is malformed', async () => {
    const server = afterHandshake((session) => void session.socket.write(session.seal(22, Buffer.alloc(1000))));
    expect(await look(server)).toMatchObject({ outcome: 'present', reason: 'malformed-answer' });
  });

  it('a request to renegotiate is passed over', async () => {
    const server = afterHandshake((session) => {
      session.socket.write(session.seal(22, Buffer.alloc(4)));
      data(session, answer);
    });
    expect(await look(server)).toMatchObject({ outcome: 'answered' });
  });

  it('a redirect is an answer and is not followed', async () => {
    const server = await afterHandshake((session) =>
      data(session, 'HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n'),
    );
    const observation = await look(Promise.resolve(server));
    expect(observation).toMatchObject({ outcome: 'answered', evidence: { response: { status: 302 } } });
    expect(server.connections()).toBe(1);
  });

  it('a gzip bomb is kept as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const server = afterHandshake((session) => {
      data(session, `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      for (let at = 0; at < bomb.length; at += 16_000) data(session, bomb.subarray(at, at + 16_000));
    });
    const observation = await look(server);
    expect(observation).toMatchObject({
      outcome: 'answered',
      evidence: { response: { body: bomb.toString('base64') } },
    });
  });

  it('an answer in records of one byte, each in a packet of its own, is whole', async () => {
    const server = afterHandshake((session) => {
      drip(session.socket, Buffer.concat([...answer].map((character) => session.seal(23, character))), 700, 1);
    });
    expect(await look(server)).toMatchObject({ outcome: 'answered' });
  });

  it('JSON that is deep or names __proto__ is kept as it came', async () => {
    const body = `{"__proto__":{"polluted":true},"a":${'['.repeat(9000)}${']'.repeat(9000)}}`;
    const server = afterHandshake((session) =>
      data(session, `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`.slice(0, 16_000)),
    );
    expect(await look(server, briefAnswer())).toMatchObject({ outcome: 'present', reason: 'no-answer' });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

it('a good answer that is reset at any byte ends with an outcome of its own, and only the whole one is an answer', async () => {
  let connections = 0;
  // Each connection is allowed one byte more than the one before.
  const send = (socket: Socket & { allowed?: number }, bytes: Buffer): void => {
    socket.allowed ??= connections++;
    const piece = bytes.subarray(0, socket.allowed);
    socket.allowed -= piece.length;
    socket.write(piece, () => void (socket.allowed === 0 && socket.resetAndDestroy()));
  };
  let wholeBytes = Number.POSITIVE_INFINITY;
  const server = await startScriptedTlsServer({
    flight,
    sendFlight: send,
    proceed: ({ socket, finished, seal }) => {
      const rest = Buffer.concat([finished, seal(23, answer)]);
      wholeBytes = flight.length + rest.length;
      send(socket, rest);
    },
  });
  open.push(server);
  const probe = startProbe();
  const ends: string[] = [];
  const worker = async (): Promise<void> => {
    while (connections < wholeBytes) {
      const target = { address: '127.0.0.1', port: server.port };
      const { outcome, reason } = await probe.probe(target, 'kube-apiserver', { secondConnection: 'loss-sample' });
      ends.push(`${outcome} ${reason ?? ''}`.trim());
    }
  };
  await Promise.all(Array.from({ length: 10 }, worker));
  expect(ends.length).toBeGreaterThanOrEqual(wholeBytes);
  const named = new Set([
    'closed-silently',
    'malformed-tls',
    'present closed',
    'present false-start-refused',
    'answered',
  ]);
  expect(ends.filter((end) => !named.has(end))).toEqual([]);
  // Up to ten connections were under way when the whole answer was first allowed.
  expect(ends.filter((end) => end === 'answered').length).toBeLessThanOrEqual(10);
});

it('a thousand hostile hosts at once do not hide one honest host', async () => {
  const honest = await afterHandshake((session) => data(session, answer));
  const silent = await startTcpServer(() => {});
  const dripping = await startTcpServer((socket) => void socket.once('data', () => drip(socket, flight, 1, 50)));
  const storming = await onConnect(Buffer.from('15030300020170'.repeat(2000), 'hex'));
  open.push(honest, silent, dripping, storming);
  const probe = startProbe({ firstFlightTimeoutMs: 4000 });
  const at = ({ port }: RunningServer) => probe.probe({ address: '127.0.0.1', port }, 'kube-apiserver');
  const evil = [silent, dripping, storming].flatMap((server) => Array.from({ length: 333 }, () => at(server)));
  const good = Array.from({ length: 100 }, () => at(honest));
  expect(new Set((await Promise.all(good)).map(({ outcome }) => outcome))).toEqual(new Set(['answered']));
  expect(new Set((await Promise.all(evil)).map(({ outcome }) => outcome))).toEqual(
    new Set(['read-timeout', 'malformed-tls']),
  );
});
