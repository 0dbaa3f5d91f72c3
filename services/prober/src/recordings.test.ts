import { afterEach, expect, it } from 'vitest';
import { readRecording } from '../../../test/support/prober/recordings.ts';
import { startScriptedTlsServer } from '../../../test/support/prober/scripted-tls.ts';
import { createProbe } from './probe-target.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

it.each([
  ['kube-apiserver-defaults', 'kube-apiserver', 200],
  ['kube-apiserver-forbidden', 'kube-apiserver', 403],
  ['kube-apiserver-unauthorized', 'kube-apiserver', 401],
  ['kubelet-anonymous-off', 'kubelet', 401],
  ['kubelet-anonymous-on', 'kubelet', 403],
] as const)('the recorded %s is played through and its answer kept', async (name, component, status) => {
  const recording = readRecording(name);
  const server = await startScriptedTlsServer({
    flight: recording.firstFlight as Buffer,
    proceed: ({ socket, finished, seal }) => socket.write(Buffer.concat([finished, seal(23, recording.answer ?? '')])),
  });
  const probe = createProbe({
    operator: { url: 'https://scan.example.org/', name: 'scan.example.org' },
    version: '0.1.0',
    mayConnect: () => true,
  });
  open.push(probe, server);
  const observation = await probe.probe({ address: '127.0.0.1', port: server.port }, component);
  expect(observation).toMatchObject({ outcome: 'answered', evidence: { response: { status } } });
  expect(observation.evidence.response?.headers.map(([header]) => header)).not.toContain('date');
});
