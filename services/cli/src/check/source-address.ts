import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { type Address, type AddressSet, classify, formatAddress, parseAddress } from '@kubecensus/shared/addresses';

/** An interface's address with its prefix, such as 192.0.2.7/24. */
export type LocalAddress = { readonly name: string; readonly cidr: string };

export type Vantage = {
  /** From which the looks went out; undefined where this machine does not tell. */
  readonly source: string | undefined;
  /** Why what was seen may not be what a stranger sees; undefined where nothing speaks for that. */
  readonly inside: string | undefined;
};

/** From which address this machine looks at a target, by its interfaces and its table of routes. Nothing is sent. */
export async function readVantage(target: Address): Promise<Vantage> {
  const locals = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ cidr }) => (cidr === null ? [] : [{ name, cidr }])),
  );
  const routes = await readFile('/proc/net/route', 'utf8').catch(() => ''); // Linux alone has it
  return toVantage(target, locals, routes);
}

/** Ranges whose first address is looked up: a scan of many ranges still goes out from few addresses. */
const MAX_RANGES = 64;

/** The addresses that a scan goes out from, as far as this machine tells: what its record says of its vantage. */
export async function readSourceAddresses(targets: AddressSet): Promise<string[]> {
  const sources = new Set<string>();
  let count = 0;
  for (const { family, first } of targets.ranges()) {
    const { source } = await readVantage({ family, value: first } as Address);
    if (source !== undefined) sources.add(source);
    count += 1;
    if (count === MAX_RANGES) break;
  }
  return [...sources];
}

/** @param routes the text of /proc/net/route: IPv4, numbers in hex with the lowest byte first */
export function toVantage(target: Address, locals: readonly LocalAddress[], routes: string): Vantage {
  const source = toSource(target, locals, routes);
  return { source, inside: source === undefined ? undefined : toInside(target, parseAddress(source)) };
}

function toSource(target: Address, locals: readonly LocalAddress[], routes: string): string | undefined {
  const own = locals.flatMap(({ name, cidr }) => {
    const [text = ''] = cidr.split('/');
    const address = parseAddress(text);
    return address.family === target.family ? [{ name, cidr, text, address }] : [];
  });
  const isLoopback = classify(target) === 'loopback';
  if (isLoopback) return target.family === 4 ? '127.0.0.1' : '::1';
  const beside = own.find(({ cidr }) => isIn(target, cidr));
  if (beside !== undefined) return beside.text;
  const reachable = own.filter(({ address }) => classify(address) !== 'loopback' && classify(address) !== 'special');
  const route = target.family === 4 ? findInterface(target.value, routes) : undefined;
  return (reachable.find(({ name }) => name === route) ?? reachable[0])?.text;
}

/** The interface of the longest route that covers the address. */
function findInterface(address: number, routes: string): string | undefined {
  let best: { name: string; mask: number } | undefined;
  for (const line of routes.split('\n').slice(1)) {
    const [name = '', destination = '', , , , , , mask = ''] = line.split('\t');
    if (!/^[0-9A-F]{8}$/.test(destination) || !/^[0-9A-F]{8}$/.test(mask)) continue;
    const bits = toHostOrder(mask);
    if ((address & bits) >>> 0 !== toHostOrder(destination)) continue;
    if (best === undefined || bits > best.mask) best = { name, mask: bits };
  }
  return best?.name;
}

function toHostOrder(hex: string): number {
  return Buffer.from(hex, 'hex').readUInt32LE();
}

const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fe80::/10'];

/** Looks from inside a network pass doors that are closed to strangers. */
function toInside(target: Address, source: Address): string | undefined {
  if (classify(target) === 'loopback') return 'the target is this machine itself';
  if (target.family !== source.family) return undefined;
  const range = PRIVATE_RANGES.find((cidr) => isIn(target, cidr) && isIn(source, cidr));
  if (range !== undefined) return `target and source are both in the private range ${range}`;
  const bits = target.family === 4 ? 8n : 80n;
  if (BigInt(target.value) >> bits !== BigInt(source.value) >> bits) return undefined;
  return `target and source ${formatAddress(source)} are in the same ${target.family === 4 ? '/24' : '/48'}`;
}

function isIn(address: Address, cidr: string): boolean {
  const [text = '', length = ''] = cidr.split('/');
  const base = parseAddress(text);
  if (base.family !== address.family) return false;
  const shift = BigInt((base.family === 4 ? 32 : 128) - Number(length));
  return BigInt(base.value) >> shift === BigInt(address.value) >> shift;
}
