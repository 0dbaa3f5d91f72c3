import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import {
  afterHandshake,
  goodAnswer,
  goodFlight,
  HostileHosts,
  sendData,
} from '../../../test/support/prober/hostile-hosts.ts';
import { readRecording } from '../../../test/support/prober/recordings.ts';
import { type ScriptedSession, startScriptedTlsServer } from '../../../test/support/prober/scripted-tls.ts';

const hosts = new HostileHosts();
afterEach(() => hosts.close());

describe('after our Finished', () => {
  it.each([
    ['a close', (session: ScriptedSession) => void session.socket.end()],
    ['a reset', (session: ScriptedSession) => void session.socket.resetAndDestroy()],
    ['an alert', (session: ScriptedSession) => void session.socket.write(Buffer.from('1503030002020a', 'hex'))],
  ])(
    '%s in place of the server Finished is a refused false start, and the fallback is tried once',
    async (_, proceed) => {
      const server = await startScriptedTlsServer({ flight: goodFlight, proceed });
      const observation = await hosts.look(Promise.resolve(server));
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
    const observation = await hosts.look(Promise.resolve(server), hosts.startProbe(), 'etcd-client');
    expect(observation).toMatchObject({ outcome: 'present', reason: 'client-certificate-required' });
    expect(server.connections()).toBe(1);
  });

  it('a Finished that does not fit the transcript is a malformed answer', async () => {
    const server = startScriptedTlsServer({
      flight: goodFlight,
      proceed: ({ socket, finished, seal }) => {
        // The right Finished is sealed as record 0 and thrown away; another message is sealed as record 1.
        const ccs = finished.subarray(0, 6);
        socket.write(Buffer.concat([ccs, seal(22, Buffer.from('1400000c000000000000000000000000', 'hex'))]));
      },
    });
    expect(await hosts.look(server)).toMatchObject({ outcome: 'present', reason: 'malformed-answer' });
  });

  it.each([
    [
      'data before the server Finished',
      ({ socket, seal }: ScriptedSession) =>
        socket.write(Buffer.concat([Buffer.from('140303000101', 'hex'), seal(23, goodAnswer)])),
      'malformed-answer',
    ],
    ['silence', () => {}, 'no-answer'],
  ] as const)('%s', async (_, proceed, reason) => {
    const probe = reason === 'no-answer' ? hosts.briefAnswer() : hosts.startProbe();
    expect(await hosts.look(startScriptedTlsServer({ flight: goodFlight, proceed }), probe)).toMatchObject({
      outcome: 'present',
      reason,
    });
  });

  it.each([
    ['silence', () => {}, 'no-answer'],
    [
      'a dripped answer',
      (session: ScriptedSession) => hosts.drip(session.socket, session.seal(23, goodAnswer)),
      'no-answer',
    ],
    ['an answer that stops', (session: ScriptedSession) => sendData(session, goodAnswer.slice(0, -1)), 'no-answer'],
    [
      'an answer that breaks off',
      (session: ScriptedSession) => session.socket.end(session.seal(23, goodAnswer.slice(0, -1))),
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
      (session: ScriptedSession) => sendData(session, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(400)),
      'answer-too-large',
    ],
    [
      'a flood of headers',
      (session: ScriptedSession) => sendData(session, `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(2000)}`),
      'answer-too-large',
    ],
    [
      'an endless chunk extension',
      (session: ScriptedSession) =>
        sendData(session, `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;${'x'.repeat(9000)}`),
      'answer-too-large',
    ],
    [
      'a huge content length',
      (session: ScriptedSession) => sendData(session, 'HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n'),
      'answer-too-large',
    ],
    [
      'a false content length',
      (session: ScriptedSession) => sendData(session, 'HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n{}'),
      'no-answer',
    ],
    ['no HTTP', (session: ScriptedSession) => sendData(session, 'SSH-2.0-OpenSSH_9.2\r\n'), 'malformed-answer'],
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
    const probe = reason === 'no-answer' ? hosts.briefAnswer() : hosts.startProbe();
    expect(await hosts.look(afterHandshake(proceed), probe)).toMatchObject({ outcome: 'present', reason });
  });

  it.each([
    ['requests to renegotiate', (session: ScriptedSession) => session.seal(22, Buffer.alloc(4))],
    ['headers in records of one byte', (session: ScriptedSession) => session.seal(23, 'A')],
  ])('a flood of %s ends at the cap of bytes', async (_, record) => {
    const server = await afterHandshake((session) => {
      sendData(session, 'HTTP/1.1 200 OK\r\n');
      for (let sent = 0; sent < 9000; sent++) session.socket.write(record(session));
    });
    await hosts.keep(Promise.resolve(server));
    const observation = await hosts.startProbe().probe({ address: '127.0.0.1', port: server.port }, 'kube-apiserver');
    expect(observation).toMatchObject({ outcome: 'present', reason: 'answer-too-large' });
  });

  it('a request to renegotiate with more behind it is malformed', async () => {
    const server = afterHandshake((session) => void session.socket.write(session.seal(22, Buffer.alloc(1000))));
    expect(await hosts.look(server)).toMatchObject({ outcome: 'present', reason: 'malformed-answer' });
  });

  it('a request to renegotiate is passed over', async () => {
    const server = afterHandshake((session) => {
      session.socket.write(session.seal(22, Buffer.alloc(4)));
      sendData(session, goodAnswer);
    });
    expect(await hosts.look(server)).toMatchObject({ outcome: 'answered' });
  });

  it('a redirect is an answer and is not followed', async () => {
    const server = await afterHandshake((session) =>
      sendData(session, 'HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n'),
    );
    const observation = await hosts.look(Promise.resolve(server));
    expect(observation).toMatchObject({ outcome: 'answered', evidence: { response: { status: 302 } } });
    expect(server.connections()).toBe(1);
  });

  it('a gzip bomb is kept as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const server = afterHandshake((session) => {
      sendData(session, `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      for (let at = 0; at < bomb.length; at += 16_000) sendData(session, bomb.subarray(at, at + 16_000));
    });
    const observation = await hosts.look(server);
    expect(observation).toMatchObject({
      outcome: 'answered',
      evidence: { response: { body: bomb.toString('base64') } },
    });
  });

  it('an answer in records of one byte, each in a packet of its own, is whole', async () => {
    const server = afterHandshake((session) => {
      hosts.drip(
        session.socket,
        Buffer.concat([...goodAnswer].map((character) => session.seal(23, character))),
        700,
        1,
      );
    });
    expect(await hosts.look(server)).toMatchObject({ outcome: 'answered' });
  });

  it('JSON that is deep or names __proto__ is kept as it came', async () => {
    const body = `{"__proto__":{"polluted":true},"a":${'['.repeat(9000)}${']'.repeat(9000)}}`;
    const server = afterHandshake((session) =>
      sendData(session, `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`.slice(0, 16_000)),
    );
    expect(await hosts.look(server, hosts.briefAnswer())).toMatchObject({ outcome: 'present', reason: 'no-answer' });
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
    flight: goodFlight,
    sendFlight: send,
    proceed: ({ socket, finished, seal }) => {
      const rest = Buffer.concat([finished, seal(23, goodAnswer)]);
      wholeBytes = goodFlight.length + rest.length;
      send(socket, rest);
    },
  });
  await hosts.keep(Promise.resolve(server));
  const probe = hosts.startProbe();
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
