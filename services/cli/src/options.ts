import { assertPort } from '@kubecensus/shared/addresses';
import { InvalidArgumentError } from 'commander';

/** API servers of hosted clusters, and of kubeadm and its kin. */
export const DEFAULT_PORTS = [443, 6443] as const;

/** `443,6443` -> [443, 6443]; duplicates are dropped. */
export function parsePorts(text: string): number[] {
  const ports = text.split(',').map((part) => {
    const port = /^\s*\d{1,5}\s*$/.test(part) ? Number(part) : Number.NaN;
    assertPort(port);
    return port;
  });
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** A parser of whole numbers in bounds, for commander. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`give a whole number from ${minimum} to ${maximum}.`);
  };
}
