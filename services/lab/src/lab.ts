import { createKeyRing } from './keys/key-ring.ts';
import { LabError } from './lab-error.ts';
import { hasManyLoopbackAddresses, type Place, takePlace } from './place.ts';
import { type Calendar, createCalendar } from './population/calendar.ts';
import type { PopulatedEndpoint } from './population/endpoints.ts';
import { createLayout } from './population/layout.ts';
import { COMPONENT_PORTS } from './population/node-components.ts';
import { SCANNED_PORTS } from './population/scanned-ports.ts';
import { createBehaviour } from './servers/behaviour.ts';
import { createLearnedNames, type LearnedName } from './servers/learned-names.ts';
import { type Listener, openListener } from './servers/listener.ts';
import { type Arrival, createRecorder } from './servers/recorder.ts';
import { createTlsContexts } from './servers/tls-contexts.ts';
import { openUnreachableHosts, type UnreachableHosts } from './servers/unreachable-hosts.ts';
import type { LabTruth } from './truth.ts';

export interface LabOptions {
  /** Addresses at which something listens in week 1; half of them are API servers. */
  hosts: number;
  /** The same seed gives the same population, certificates and weeks, byte for byte. */
  seed: number;
  /** Week to begin with; 1 when absent. */
  week?: number;
  /** Ports under 1024 move up by 10000; when absent, where this user may not listen on them. */
  portShift?: boolean;
  /** First address of the lab's block inside 127.0.0.0/8; when absent, one that no other lab holds. */
  network?: string;
  /** All hosts on 127.0.0.1, told apart by port; when absent, where the system has no other loopback address. */
  singleAddress?: boolean;
  /** Add what is easily counted wrongly: 70 clones of one image, two prefixes that mirror a server, 3 replayed certificates. */
  copies?: boolean;
  /** Play kubelets, etcd, controllers and kube-proxy on self-managed nodes too. */
  components?: boolean;
  /** Hostile hosts beside the honest ones, of every kind in turn; 0 when absent. */
  evils?: number;
  /** Keep what arrives; see `recorded`. */
  record?: boolean;
}

/** What a scan must cover to find all of the lab. */
export interface LabTargets {
  /** CIDR blocks. */
  ranges: string[];
  ports: number[];
  /** Ports of the components beside API servers; empty in a lab without them. */
  componentPorts: number[];
}

/** A small Internet on loopback. `start` opens it, `close` ends it and may be called twice. */
export interface Lab {
  start(): Promise<void>;
  close(): Promise<void>;
  /** Known once started. */
  targets(): LabTargets;
  /** What is true in a week, this one or any other; in the order of addresses, with what is gone at the end. */
  truth(week: number): LabTruth[];
  /** Moves the population to a week. Hosts that did not change keep their listeners and connections. */
  setWeek(week: number): Promise<void>;
  /** What arrived since the start or the last call of `forget`, oldest first; empty unless `record` is set. */
  recorded(): Arrival[];
  forget(): void;
  /** Names that clients made k3s servers add to their certificates. */
  learned(): LearnedName[];
}

interface Running {
  place: Place | null;
  calendar: Calendar;
  targets: LabTargets;
}

/** Hosts opened at the same time: more would only wait for one another. */
const OPENING = 200;

function mayListenOnLowPorts(): boolean {
  return process.getuid === undefined || process.getuid() === 0;
}

function keyOf({ address, port }: { address: string; port: number }): string {
  return `${address}:${port}`;
}

export function createLab(options: LabOptions): Lab {
  const { hosts, seed } = options;
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > 8000) {
    throw new LabError('LAB_HOSTS_INVALID', `a lab has 1 to 8000 hosts, not ${hosts}`);
  }
  const recorder = createRecorder({ enabled: options.record ?? false });
  const learned = createLearnedNames();
  const keys = createKeyRing(seed);
  const contexts = createTlsContexts(keys);
  const listeners = new Map<string, { listener: Listener; server: PopulatedEndpoint['server'] }>();
  let unreachable: UnreachableHosts | null = null;
  let running: Running | null = null;

  function current(): Running {
    if (running === null) throw new LabError('LIFECYCLE_STATE_WRONG', 'the lab is not running; call start first');
    return running;
  }

  async function prepare(): Promise<Running> {
    const singleAddress = options.singleAddress ?? !(await hasManyLoopbackAddresses());
    const place = singleAddress || options.network !== undefined ? null : await takePlace(seed);
    const network = options.network ?? place?.network ?? '127.0.0.0';
    if (!singleAddress && network === '127.0.0.0') {
      throw new LabError('LAB_NETWORK_TAKEN', 'every block tried is held by another lab; end one or name a network');
    }
    const layout = createLayout({
      seed,
      hosts: hosts + (options.evils ?? 0),
      network,
      portShift: options.portShift ?? !mayListenOnLowPorts(),
      singleAddress,
      copies: options.copies ?? false,
    });
    const components = (options.components ?? false) && !singleAddress;
    return {
      place,
      calendar: createCalendar({ seed, hosts, layout, components, evils: options.evils ?? 0 }),
      targets: {
        ...layout.targets(SCANNED_PORTS),
        componentPorts: components ? layout.targets(COMPONENT_PORTS).ports : [],
      },
    };
  }

  async function open(endpoint: PopulatedEndpoint): Promise<void> {
    const behaviour = createBehaviour(endpoint.server, { contexts, learned });
    const known = listeners.get(keyOf(endpoint));
    if (known === undefined) {
      const listener = await openListener(endpoint, behaviour, recorder);
      listeners.set(keyOf(endpoint), { listener, server: endpoint.server });
    } else if (JSON.stringify(known.server) !== JSON.stringify(endpoint.server)) {
      known.listener.behave(behaviour);
      listeners.set(keyOf(endpoint), { listener: known.listener, server: endpoint.server });
    }
  }

  async function show(week: number): Promise<void> {
    const endpoints = current().calendar.endpoints(week);
    const answering = endpoints.filter(({ server }) => server.kind !== 'timing-out');
    const wanted = new Set(answering.map(keyOf));
    const surplus = [...listeners].filter(([key]) => !wanted.has(key));
    await Promise.all(surplus.map(([, { listener }]) => listener.close()));
    for (const [key] of surplus) listeners.delete(key);
    await unreachable?.close();
    unreachable = null;
    // Primes are costly: found while a scan waits, they would be the lab's silence and not the network's.
    for (const { server } of answering) {
      if ('tls' in server && server.tls !== undefined)
        for (const { key, signer } of server.tls.chain) [key, signer].forEach(keys.key);
    }
    for (let start = 0; start < answering.length; start += OPENING) {
      await Promise.all(answering.slice(start, start + OPENING).map(open));
    }
    unreachable = await openUnreachableHosts(endpoints.filter(({ server }) => server.kind === 'timing-out'));
  }

  async function close(): Promise<void> {
    await Promise.all([...listeners.values()].map(({ listener }) => listener.close()));
    listeners.clear();
    await unreachable?.close();
    unreachable = null;
    await running?.place?.close();
    running = null;
  }

  return {
    async start() {
      if (running !== null) throw new LabError('LIFECYCLE_STATE_WRONG', 'the lab is running; close it first');
      running = await prepare();
      try {
        await show(options.week ?? 1);
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
    targets: () => current().targets,
    truth: (week) => current().calendar.truth(week),
    setWeek: show,
    recorded: () => recorder.arrivals(),
    forget: () => recorder.clear(),
    learned: () => learned.all(),
  };
}
