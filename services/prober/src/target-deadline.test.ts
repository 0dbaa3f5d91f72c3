import { afterEach, expect, it } from 'vitest';
import { afterHandshake, goodFlight, HostileHosts } from '../../../test/support/prober/hostile-hosts.ts';
import { startTcpServer } from '../../../test/support/prober/servers.ts';

const hosts = new HostileHosts();
afterEach(() => hosts.close());

/** Every phase would go on for longer than a test may take: what ends is ended by the target's own deadline. */
const briefTarget = (targetTimeoutMs = 300) =>
  hosts.startProbe({
    connectTimeoutMs: 600_000,
    firstFlightTimeoutMs: 600_000,
    answerTimeoutMs: 600_000,
    targetTimeoutMs,
  });

it('a first flight that drips for ever ends with its target', async () => {
  const server = startTcpServer((socket) => void socket.once('data', () => hosts.drip(socket, goodFlight)));
  expect(await hosts.look(server, briefTarget())).toMatchObject({ outcome: 'read-timeout' });
});

it('an answer that never comes ends with its target, and what was seen before stays', async () => {
  expect(
    await hosts.look(
      afterHandshake(() => {}),
      briefTarget(3000),
    ),
  ).toMatchObject({ outcome: 'present', reason: 'no-answer', evidence: { chainLength: 1 } });
});

it('a plain port that accepts and is silent ends with its target', async () => {
  const server = startTcpServer(() => {});
  expect(await hosts.look(server, briefTarget(), 'kubelet-read-only')).toMatchObject({ outcome: 'read-timeout' });
});

it('the second connection has what the first one left, and not its own time over again', async () => {
  const protocolVersion = Buffer.from('15030300020246', 'hex');
  let connections = 0;
  const server = startTcpServer((socket) => {
    connections += 1;
    if (connections === 1) socket.once('data', () => socket.write(protocolVersion));
  });
  expect(await hosts.look(server, briefTarget(3000))).toMatchObject({
    outcome: 'handshake-refused',
    secondConnection: 'fallback',
  });
  expect(connections).toBe(2);
});
