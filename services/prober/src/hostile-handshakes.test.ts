import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { altNamesDer, certificateDer, dnsNameDer, nameDer } from '../../../test/support/der.ts';
import { answerHello, goodFlight, HostileHosts } from '../../../test/support/prober/hostile-hosts.ts';
import { handshakeOf, toRecords } from '../../../test/support/prober/scripted-tls.ts';
import { startTcpServer } from '../../../test/support/prober/servers.ts';

const hosts = new HostileHosts();
afterEach(() => hosts.close());

describe('a host that never finishes its part of the handshake ends by its deadline', () => {
  it('silent accept', async () => {
    expect(
      await hosts.look(
        startTcpServer(() => {}),
        hosts.briefFlight(),
      ),
    ).toMatchObject({ outcome: 'read-timeout' });
  });

  it('a dripped first flight', async () => {
    const server = startTcpServer((socket) => void socket.once('data', () => hosts.drip(socket, goodFlight)));
    expect(await hosts.look(server, hosts.briefFlight())).toMatchObject({
      outcome: 'read-timeout',
      evidence: { chain: [] },
    });
  });

  it('a goodFlight that stops before its last byte', async () => {
    expect(await hosts.look(answerHello(goodFlight.subarray(0, -1)), hosts.briefFlight())).toMatchObject({
      outcome: 'read-timeout',
    });
  });
});

describe('a host that is no TLS server, or breaks TLS, is told by name', () => {
  it.each([
    ['a close without a word', (socket: Socket): void => void socket.end(), 'closed-silently'],
    ['a reset without a word', (socket: Socket): void => void socket.resetAndDestroy(), 'closed-silently'],
    ['an SSH banner', (socket: Socket): void => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'), 'not-tls'],
  ] as const)('%s', async (_, serve, outcome) => {
    expect(await hosts.look(startTcpServer(serve))).toMatchObject({ outcome });
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
      'a goodFlight over the cap',
      Buffer.concat([
        goodFlight.subarray(0, 60),
        toRecords(Buffer.concat([Buffer.from([11, 1, 0x90, 0]), Buffer.alloc(110_000)])),
      ]),
      'malformed-tls',
    ],
    ['an alert that asks for a name', Buffer.from('15030300020270', 'hex'), 'needs-name'],
    ['an alert of no common ground', Buffer.from('15030300020228', 'hex'), 'handshake-refused'],
  ])('%s', async (_, bytes, outcome) => {
    expect(await hosts.look(answerHello(bytes))).toMatchObject({ outcome });
  });

  it('a goodFlight that breaks off', async () => {
    const server = startTcpServer((socket) => void socket.once('data', () => socket.end(goodFlight.subarray(0, 900))));
    expect(await hosts.look(server)).toMatchObject({ outcome: 'malformed-tls' });
  });
});

describe('certificates of strangers', () => {
  const hello = handshakeOf(goodFlight).subarray(0, 55);
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
    const observation = await hosts.look(answerHello(withChain(Array.from({ length: 200 }, () => shop))));
    expect(observation).toMatchObject({ outcome: 'not-component', evidence: { chainLength: 200 } });
    expect(observation.evidence.chain).toHaveLength(10);
  });

  it('80 KB of names are read, and the Kubernetes name among them is found', async () => {
    const names = Array.from({ length: 6000 }, (_, index) => dnsNameDer(`n${index}.example`));
    const crowd = certificateDer({ extensions: [altNamesDer(dnsNameDer('kubernetes'), ...names)] });
    expect(crowd.length).toBeGreaterThan(80_000);
    const observation = await hosts.look(answerHello(withChain([crowd])));
    // No share to finish with in this goodFlight, and a fallback that meets the same answer.
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
    const observation = await hosts.look(answerHello(withChain([der])));
    expect(observation).toMatchObject({ outcome: 'not-component', evidence: { chain: [der.toString('base64')] } });
  });

  it('a goodFlight without a certificate is no API server', async () => {
    expect(await hosts.look(answerHello(toRecords(Buffer.concat([hello, done]))))).toMatchObject({
      outcome: 'not-component',
    });
  });
});
