import { expect, it } from 'vitest';
import { closeAfterEach } from '../../../test/support/prober/open-probe.ts';
import { readRecording } from '../../../test/support/prober/recordings.ts';
import { startScriptedTlsServer } from '../../../test/support/prober/scripted-tls.ts';
import { startTcpServer } from '../../../test/support/prober/servers.ts';

const { startProbe, keep } = closeAfterEach();

it.each([
  ['kube-apiserver-defaults', 'kube-apiserver', 200],
  ['kube-apiserver-forbidden', 'kube-apiserver', 403],
  ['kube-apiserver-unauthorized', 'kube-apiserver', 401],
  ['kubelet-anonymous-off', 'kubelet', 401],
  ['kubelet-anonymous-on', 'kubelet', 403],
] as const)('the recorded %s is played through and its answer kept', async (name, component, status) => {
  const recording = readRecording(name);
  const server = await keep(
    startScriptedTlsServer({
      flight: recording.firstFlight as Buffer,
      proceed: ({ socket, finished, seal }) =>
        socket.write(Buffer.concat([finished, seal(23, recording.answer ?? '')])),
    }),
  );
  const probe = startProbe();
  const observation = await probe.probe({ address: '127.0.0.1', port: server.port }, component);
  expect(observation).toMatchObject({ outcome: 'answered', evidence: { response: { status } } });
  expect(observation.evidence.response?.headers.map(([header]) => header)).not.toContain('date');
});

it.each([
  ['kube-controller-manager', 10_257],
  ['kube-scheduler', 10_259],
] as const)('the recorded %s is told by its port, and elsewhere from an API server', async (name, port) => {
  const recording = readRecording(name);
  expect(recording.port).toBe(port);
  const server = await keep(startScriptedTlsServer({ flight: recording.firstFlight as Buffer }));
  const probe = startProbe();
  for (const component of [name, 'kube-apiserver'] as const) {
    const { outcome } = await probe.probe({ address: '127.0.0.1', port: server.port }, component);
    expect(outcome, component).toBe('look-alike');
  }
});

it.each([
  ['kubelet-read-only', 'kubelet-read-only'],
  ['etcd-metrics', 'etcd-metrics'],
] as const)('the recorded %s answers on its plain port', async (name, component) => {
  const recording = readRecording(name);
  const server = await keep(
    startTcpServer((socket) => void socket.once('data', () => socket.end(recording.answer ?? ''))),
  );
  const probe = startProbe();
  const observation = await probe.probe({ address: '127.0.0.1', port: server.port }, component);
  const [, body = ''] = (recording.answer ?? '').split('\r\n\r\n');
  expect(observation.evidence.response).toMatchObject({ status: 200, body: Buffer.from(body).toString('base64') });
});
