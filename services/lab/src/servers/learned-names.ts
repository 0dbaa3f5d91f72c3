import { isIP } from 'node:net';
import type { CertificateSpecification } from '../certificates/certificate.ts';

/** One name that a client made a k3s server add to its certificate. */
export interface LearnedName {
  clusterId: string;
  /** `DNS:name` or `IP:address`. */
  name: string;
  from: 'server-name' | 'host-header' | 'local-address';
}

/**
 * rancher/dynamiclistener's habit (listener.go at 2ad60ef): before any authentication, the server name of a hello,
 * the local address of a connection and the address in a Host header become names of the serving certificate; the
 * header is passed over where the agent calls itself Mozilla. The names are kept, as k3s keeps them in its cluster.
 */
export interface LearnedNames {
  localAddress(clusterId: string, address: string): void;
  serverName(clusterId: string, name: string): void;
  request(clusterId: string, request: { host: string; userAgent: string }): void;
  all(): LearnedName[];
  /** The chain with what was learned added to its leaf. */
  apply(clusterId: string, chain: readonly CertificateSpecification[]): readonly CertificateSpecification[];
  /** Raised by each new name, so that contexts made before it are thrown away. */
  version(clusterId: string): number;
}

/** Names kept per cluster: a flood of invented ones must not fill the memory. */
const MAX_NAMES = 250;

function hostOf(header: string): string {
  const bracketed = /^\[([^\]]+)\]/.exec(header);
  return bracketed?.[1] ?? header.replace(/:\d+$/, '');
}

export function createLearnedNames(): LearnedNames {
  const learned = new Map<string, LearnedName[]>();
  const presented = new Map<string, ReadonlySet<string>>();

  function learn(entry: LearnedName): void {
    const names = learned.get(entry.clusterId) ?? [];
    const known = presented.get(entry.clusterId)?.has(entry.name) ?? false;
    if (known || names.length >= MAX_NAMES || names.some(({ name }) => name === entry.name)) return;
    learned.set(entry.clusterId, [...names, entry]);
  }

  return {
    localAddress: (clusterId, address) => learn({ clusterId, name: `IP:${address}`, from: 'local-address' }),
    serverName: (clusterId, name) => learn({ clusterId, name: `DNS:${name}`, from: 'server-name' }),
    request(clusterId, { host, userAgent }) {
      const name = hostOf(host);
      if (isIP(name) === 0 || userAgent.toLowerCase().startsWith('mozilla')) return;
      learn({ clusterId, name: `IP:${name}`, from: 'host-header' });
    },
    all: () => [...learned.values()].flat(),
    apply(clusterId, chain) {
      const [leaf, ...rest] = chain;
      if (leaf === undefined) return chain;
      const own = leaf.extensions.flatMap((extension) =>
        extension.type === 'subject-alternative-name' ? extension.names : [],
      );
      presented.set(clusterId, new Set([...(presented.get(clusterId) ?? []), ...own]));
      const names = (learned.get(clusterId) ?? []).map(({ name }) => name).filter((name) => !own.includes(name));
      if (names.length === 0) return chain;
      const extensions = leaf.extensions.map((extension) =>
        extension.type === 'subject-alternative-name'
          ? { ...extension, names: [...extension.names, ...names].sort() }
          : extension,
      );
      return [{ ...leaf, extensions }, ...rest];
    },
    version: (clusterId) => learned.get(clusterId)?.length ?? 0,
  };
}
