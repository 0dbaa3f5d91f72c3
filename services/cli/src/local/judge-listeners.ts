import { COMPONENT_DEFINITIONS } from '@kubecensus/prober';
import { classify, formatAddress } from '@kubecensus/shared/addresses';
import { toRemedyLines } from '@kubecensus/shared/kubernetes';
import type { Component } from '@kubecensus/shared/vocabulary';
import { isWildcard, type ListeningSocket } from './parse-socket-table.ts';
import type { Owners, SocketOwner } from './read-sockets.ts';

/** A port of Kubernetes that this machine listens on. */
export type LocalListener = {
  readonly address: string;
  readonly port: number;
  /** By its port; `node-port` for a service's. */
  readonly component: Component | 'node-port';
  /** Empty where the socket is another user's. */
  readonly processes: readonly SocketOwner[];
  readonly reaches: 'this machine' | 'its network' | 'every network';
  /** It reaches beyond the machine, and nothing beyond the machine needs it. */
  readonly isExposed: boolean;
  readonly close: readonly string[];
};

/** For the machine itself, or for the control plane's own machines behind a packet filter. */
const INTERNAL: ReadonlySet<Component> = new Set<Component>([
  'etcd-client',
  'etcd-peer',
  'etcd-metrics',
  'kubelet-read-only',
  'kube-apiserver-insecure',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy-metrics',
]);

/** Ports that every second program listens on: there the process must be one of Kubernetes, or unseen. */
const COMMON_PORTS: ReadonlySet<number> = new Set([443, 8080, 8443]);
const OF_KUBERNETES = /^(kube|hyperkube|k3s|rke2|k0s|microshift|openshift|hypershift|etcd|minikube)/;
/** --service-node-port-range, unless set. */
const NODE_PORTS = { first: 30_000, last: 32_767 };

/** Programs that hold all components in one process, by which their configuration is known. */
const DISTRIBUTION_OF: readonly (readonly [RegExp, string])[] = [
  [/^k3s/, 'k3s'],
  [/^rke2/, 'rke2'],
  [/^k0s/, 'k0s'],
  [/^kubelite/, 'microk8s'],
];

const COMPONENT_OF_PORT: ReadonlyMap<number, Component> = new Map(
  Object.values(COMPONENT_DEFINITIONS).flatMap(({ name, ports }) => ports.map((port) => [port, name] as const)),
);

/** Which of the sockets are of Kubernetes, how far each reaches, and how to close what reaches too far. By port. */
export function judgeListeners(sockets: readonly ListeningSocket[], { byInode }: Owners): LocalListener[] {
  const listeners = sockets.flatMap(({ address, port, inode }): LocalListener[] => {
    const processes = byInode.get(inode) ?? [];
    const component = toComponent(port, processes);
    if (component === undefined) return [];
    const isLocal = classify(address) === 'loopback';
    const reaches = isLocal ? 'this machine' : isWildcard(address) ? 'every network' : 'its network';
    const isExposed = !isLocal && component !== 'node-port' && INTERNAL.has(component);
    const distribution = DISTRIBUTION_OF.find(([pattern]) => processes.some(({ name }) => pattern.test(name)))?.[1];
    const close = isExposed ? toRemedyLines({ component, distribution, port }) : [];
    return [{ address: formatAddress(address), port, component, processes, reaches, isExposed, close }];
  });
  return listeners.sort((a, b) => a.port - b.port || (a.address < b.address ? -1 : 1));
}

function toComponent(port: number, processes: readonly SocketOwner[]): LocalListener['component'] | undefined {
  const isOfKubernetes = processes.some(({ name }) => OF_KUBERNETES.test(name));
  if (port >= NODE_PORTS.first && port <= NODE_PORTS.last) return isOfKubernetes ? 'node-port' : undefined;
  const isAnothers = COMMON_PORTS.has(port) && processes.length > 0 && !isOfKubernetes;
  return isAnothers ? undefined : COMPONENT_OF_PORT.get(port);
}

const REACHES: Readonly<Record<LocalListener['reaches'], string>> = {
  'this machine': 'this machine only',
  'its network': 'beyond this machine, on this address',
  'every network': 'beyond this machine, on all its addresses',
};

export function toLocalText({ address, port, component, processes, reaches, isExposed, close }: LocalListener): string {
  const target = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const who = processes.map(({ pid, name }) => `${name} (${pid})`).join(', ') || "another user's process";
  const mark = isExposed ? 'EXPOSED: ' : '';
  const lines = close.map((line, index) => `${index === 0 ? '  close: ' : '         '}${line}\n`);
  return `${target.padEnd(21)}  ${component.padEnd(23)}  ${mark}${REACHES[reaches]}  by ${who}\n${lines.join('')}`;
}
