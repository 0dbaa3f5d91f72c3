import { AddressError, assertPort } from '@kubecensus/shared/addresses';
import { InvalidArgumentError } from 'commander';

/** API servers of hosted clusters, and of kubeadm and its kin. */
export const DEFAULT_PORTS = [443, 6443] as const;

/** `443,6443,8000-8100` -> each of them, in order; duplicates are dropped. @throws AddressError ADDRESS_PORT */
export function parsePorts(text: string): number[] {
  const ports = new Set<number>();
  for (const part of text.split(',')) {
    const [first, last] = parsePortRange(part.trim());
    for (let port = first; port <= last; port += 1) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b);
}

function parsePortRange(text: string): [first: number, last: number] {
  const [, from, to] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (from === undefined) {
    const problem = text === '' ? 'names no port' : 'is no port and no range of ports';
    throw new AddressError('ADDRESS_PORT', text, problem, 'write them as 443,6443 or 8000-8100');
  }
  const [first, last] = [Number(from), Number(to ?? from)];
  for (const port of [first, last]) assertPort(port, text);
  if (first <= last) return [first, last];
  throw new AddressError('ADDRESS_PORT', text, 'ends before it begins', `write ${last}-${first}`);
}

/** A parser of whole numbers in bounds, for commander. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`give a whole number from ${minimum} to ${maximum}.`);
  };
}
