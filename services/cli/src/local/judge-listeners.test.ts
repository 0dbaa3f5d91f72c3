import { parseAddress } from '@kubecensus/shared/addresses';
import { COMPONENTS } from '@kubecensus/shared/vocabulary';
import { expect, test } from 'vitest';
import { judgeListeners, type LocalListener, toLocalText } from './judge-listeners.ts';

/** One socket, and the name of the process that holds it; none where it is another user's. */
function judge(address: string, port: number, name?: string): LocalListener | undefined {
  const byInode = new Map(name === undefined ? [] : [['7', [{ pid: 812, name }]]]);
  return judgeListeners([{ address: parseAddress(address), port, inode: '7' }], { byInode, hidden: 0 })[0];
}

test.each([
  ['etcd-client', 2379],
  ['etcd-peer', 2380],
  ['etcd-metrics', 2381],
  ['kubelet-read-only', 10_255],
  ['kube-apiserver-insecure', 8080],
  ['kube-controller-manager', 10_257],
  ['kube-scheduler', 10_259],
  ['kube-proxy-metrics', 10_249],
])('%s is fine on loopback, and exposed with a remedy on any other address', (component, port) => {
  for (const address of ['127.0.0.1', '127.8.0.1', '::1']) {
    expect(judge(address, port, 'kube')).toMatchObject({
      component,
      reaches: 'this machine',
      isExposed: false,
      close: [],
    });
  }
  for (const address of ['0.0.0.0', '::']) {
    expect(judge(address, port, 'kube')).toMatchObject({ component, reaches: 'every network', isExposed: true });
  }
  const here = judge('10.0.2.15', port, 'kube');
  expect(here).toMatchObject({ component, reaches: 'its network', isExposed: true });
  expect(here?.close.join(' ')).toContain(String(port));
});

test.each([
  ['kube-apiserver', 6443],
  ['kubelet', 10_250],
  ['kube-proxy-health', 10_256],
])('%s may reach beyond the machine: others need it', (component, port) => {
  expect(judge('0.0.0.0', port, 'kube')).toMatchObject({ component, reaches: 'every network', isExposed: false });
});

test('every component is told by its port', () => {
  const told = [443, 8080, 10_250, 10_255, 10_249, 10_256, 2379, 2380, 2381, 10_257, 10_259].map(
    (port) => judge('127.0.0.1', port)?.component,
  );
  expect(told.sort()).toEqual([...COMPONENTS].sort());
});

test('on a port that every second program has, another program is none of Kubernetes', () => {
  for (const port of [443, 8080, 8443]) {
    expect(judge('0.0.0.0', port, 'nginx')).toBeUndefined();
    expect(judge('0.0.0.0', port, 'kube-apiserver')).toBeDefined();
    expect(judge('0.0.0.0', port)).toBeDefined();
  }
});

test('a port of the NodePort range counts where a process of Kubernetes holds it', () => {
  expect(judge('0.0.0.0', 30_000, 'kube-proxy')).toMatchObject({ component: 'node-port', isExposed: false });
  expect(judge('0.0.0.0', 32_767, 'k3s-server')).toMatchObject({ component: 'node-port' });
  expect(judge('0.0.0.0', 29_999, 'kube-proxy')).toBeUndefined();
  expect(judge('0.0.0.0', 32_768, 'kube-proxy')).toBeUndefined();
  expect(judge('0.0.0.0', 31_000, 'postgres')).toBeUndefined();
  expect(judge('0.0.0.0', 31_000)).toBeUndefined();
});

test('the remedy is that of the program which holds the port', () => {
  expect(judge('0.0.0.0', 10_255, 'kubelet')?.close[0]).toContain('readOnlyPort: 0');
  expect(judge('0.0.0.0', 10_255, 'k3s-server')?.close[0]).toContain('/etc/rancher/k3s/config.yaml');
  expect(judge('0.0.0.0', 10_255, 'kubelite')?.close[0]).toContain('/var/snap/microk8s/');
});

test('a line names address, component, reach, process and, where exposed, what closes it', () => {
  const fine = judge('::1', 10_257, 'kube-controller-manager');
  expect(fine && toLocalText(fine)).toBe(
    '[::1]:10257            kube-controller-manager  this machine only  by kube-controller-manager (812)\n',
  );
  const exposed = judge('0.0.0.0', 10_255);
  expect(exposed && toLocalText(exposed)).toMatch(
    /^0\.0\.0\.0:10255 +kubelet-read-only +EXPOSED: beyond this machine, on all its addresses {2}by another user's process\n {2}close: Kubelet/,
  );
});
