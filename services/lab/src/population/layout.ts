import { LabError } from '../lab-error.ts';
import { createRandom } from '../random.ts';
import { MIRROR_ALL_PORTS_SLOTS, MIRROR_SLOTS, type MirrorBlocks } from './mirror-blocks.ts';

/** Addresses per host: a scan of the lab finds something at one address in about eight. */
export const ADDRESSES_PER_HOST = 8;
/** First port of the layout on one address; the last stays below Linux' ephemeral range (32768). */
const FIRST_PORT = 10_000;
const LAST_PORT = 31_999;
/** Ports under 1024 move up by this much in port-shift mode. */
export const PORT_SHIFT = 10_000;

export interface Endpoint {
  address: string;
  port: number;
}

/** Where slots, the numbered places of the population, lie on this machine. */
export interface Layout {
  slots: number;
  /** Slots in the order in which hosts take them: drawn, and without repeats. */
  order: readonly number[];
  /** Whole blocks that no host takes, for mirrors; null where the lab has none. */
  mirrors: MirrorBlocks | null;
  /** `port` is the one that the host would use on the Internet. */
  endpoint(slot: number, port: number): Endpoint;
  /** What a scan covers: CIDR blocks, and the real ports translated. */
  targets(ports: readonly number[]): { ranges: string[]; ports: number[] };
}

export interface LayoutOptions {
  seed: number;
  hosts: number;
  /** Dotted first address of the lab's block; must leave the block inside 127.0.0.0/8. */
  network: string;
  portShift: boolean;
  /** Every host on 127.0.0.1, told apart by port: for systems where no other loopback address answers. */
  singleAddress: boolean;
  /** Keep blocks for mirrors. */
  copies: boolean;
}

export function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
}

export function createLayout(options: LayoutOptions): Layout {
  const { seed, hosts } = options;
  return options.singleAddress ? onOneAddress(seed, hosts) : onManyAddresses(options);
}

/** Room for the clones and the mirrors, and for a lab of the smallest size beside them. */
const LEAST_BITS_WITH_COPIES = 10;

function block(first: number, length: number): number[] {
  return Array.from({ length }, (_, index) => first + index);
}

function drawOrder(seed: number, slots: number): number[] {
  return createRandom(seed, 'order').shuffled(Array.from({ length: slots }, (_, slot) => slot));
}

function onManyAddresses({ seed, hosts, network, portShift, copies }: LayoutOptions): Layout {
  const bits = Math.max(copies ? LEAST_BITS_WITH_COPIES : 3, Math.ceil(Math.log2(hosts * ADDRESSES_PER_HOST)));
  const slots = 2 ** bits;
  const first = toNumber(network);
  if (first >>> 24 !== 127 || first % slots !== 0 || (first + slots - 1) >>> 24 !== 127) {
    throw new LabError(
      'LAB_NETWORK_INVALID',
      `${network} cannot hold a /${32 - bits} inside 127.0.0.0/8; name another`,
    );
  }
  const toPort = (port: number): number => (portShift && port < 1024 ? port + PORT_SHIFT : port);
  const mirrors = copies
    ? {
        onePort: block(slots - 2 * MIRROR_SLOTS, MIRROR_SLOTS),
        everyPort: block(slots - MIRROR_SLOTS, MIRROR_ALL_PORTS_SLOTS),
      }
    : null;
  return {
    slots,
    order: drawOrder(seed, slots - (copies ? 2 * MIRROR_SLOTS : 0)),
    mirrors,
    endpoint: (slot, port) => ({ address: toAddress(first + slot), port: toPort(port) }),
    targets: (ports) => ({ ranges: [`${network}/${32 - bits}`], ports: ports.map(toPort) }),
  };
}

function onOneAddress(seed: number, hosts: number): Layout {
  const slots = Math.min(hosts * ADDRESSES_PER_HOST, LAST_PORT - FIRST_PORT + 1);
  if (hosts * 2 > slots) {
    throw new LabError('LAB_HOSTS_INVALID', `${hosts} hosts do not fit on one address; use ${slots / 2} or fewer`);
  }
  return {
    slots,
    order: drawOrder(seed, slots),
    mirrors: null,
    endpoint: (slot) => ({ address: '127.0.0.1', port: FIRST_PORT + slot }),
    targets: () => ({ ranges: ['127.0.0.1/32'], ports: Array.from({ length: slots }, (_, slot) => FIRST_PORT + slot) }),
  };
}
