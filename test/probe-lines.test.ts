import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LabProcess, type LabTruth, spawnLab } from '../services/lab/src/index.ts';
import { runCommand } from './support/command.ts';

let lab: LabProcess;
let truth: LabTruth[];

beforeAll(async () => {
  lab = await spawnLab({ hosts: 80, seed: 11, components: true });
  truth = await lab.truth(1);
});
afterAll(() => lab.close());

type Finding = {
  status: string;
  fingerprint?: { distribution: string; version: string | null; confidence: string; rules: string[]; reason: string };
  exposure?: { level: string; silence?: string; exact_san: boolean; answering: boolean };
};
type Line = { ip: string; data: Record<string, Finding & { port: number }> };

async function probe(args: readonly string[], targets: readonly LabTruth[]): Promise<Map<string, Finding>> {
  const input = targets.map(({ address, port }) => `${address}:${port}\n`).join('');
  const { code, stdout, stderr } = await runCommand(['probe', '--rate', '2000', ...args, '-'], { input });
  expect(code, stderr).toBe(0);
  const found = new Map<string, Finding>();
  for (const line of stdout.split('\n').filter(Boolean)) {
    const { ip, data } = JSON.parse(line) as Line;
    for (const finding of Object.values(data)) found.set(`${ip}:${finding.port}`, finding);
  }
  expect(found.size).toBe(targets.length);
  return found;
}

it('probe --classify says of each API server what the lab knows of it, and does without a database', async () => {
  const servers = truth.filter(
    ({ component, present, transition, mutated, mirrored }) =>
      component === 'kube-apiserver' && present && transition !== 'not-reached' && !mutated && !mirrored,
  );
  expect(servers.length).toBeGreaterThan(20);
  const found = await probe(['--classify'], servers);
  for (const { address, port, ...known } of servers) {
    const { fingerprint, exposure } = found.get(`${address}:${port}`) ?? {};
    expect(fingerprint, `${address}:${port}`).toMatchObject({
      distribution: known.distribution,
      version: known.gitVersion,
      minor: known.minor,
    });
    expect(exposure).toMatchObject({
      level: known.exposure,
      exact_san: known.exactSan,
      answering: known.answering,
    });
    expect(exposure?.silence ?? null).toBe(known.silence);
  }
  const marked = [...found.values()].filter(({ fingerprint }) => fingerprint?.reason === 'marks');
  expect(marked.length).toBeGreaterThan(10);
  expect(marked.every(({ fingerprint }) => (fingerprint?.rules.length ?? 0) > 0)).toBe(true);
});

it('what is no part of Kubernetes gets no verdict, and a plain probe gives none to anything', async () => {
  const others = truth.filter(({ present, evil }) => !present && !evil).slice(0, 10);
  const classified = await probe(['--classify'], others);
  for (const { status, fingerprint } of classified.values())
    if (status !== 'success') expect(fingerprint?.distribution ?? 'unknown').toBe('unknown');
  const servers = truth.filter(({ component, present }) => component === 'kube-apiserver' && present).slice(0, 5);
  for (const finding of (await probe([], servers)).values()) {
    expect(finding).not.toHaveProperty('fingerprint');
    expect(finding).not.toHaveProperty('exposure');
  }
});

it('probe --component looks for one component, on its own port where none is told', async () => {
  const kubelets = truth.filter(({ component, present }) => component === 'kubelet' && present);
  expect(kubelets.length).toBeGreaterThan(0);
  const found = await probe(['--component', 'kubelet', '--classify'], kubelets);
  for (const { address, port, exposure } of kubelets) {
    expect(found.get(`${address}:${port}`)).toMatchObject({ status: 'success', exposure: { level: exposure } });
  }
  const { stdout } = await runCommand(['probe', '--component', 'etcd-client', '127.255.255.1']);
  const lines = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
  expect(lines.map(({ data }) => Object.entries(data).map(([name, { port }]) => [name, port]))).toEqual([
    [['etcd-client', 2379]],
  ]);
});

it('a component that there is not is refused with those that there are', async () => {
  const { code, stderr } = await runCommand(['probe', '--component', 'apiserver', '127.0.0.1']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/'apiserver' is invalid.*kube-apiserver.*kubelet/);
});
