import type { Address } from '../../addresses/index.ts';

/** Family and hexadecimal digits: sorts as addresses do, IPv4 first. The record computes the same of an inet. */
export function toAddressKey({ family, value }: Address): string {
  return family === 4 ? `4${value.toString(16).padStart(8, '0')}` : `6${value.toString(16).padStart(32, '0')}`;
}

/** The address of a key that toAddressKey made. */
export function parseAddressKey(key: string): Address {
  const digits = key.slice(1);
  return key.startsWith('4')
    ? { family: 4, value: Number.parseInt(digits, 16) }
    : { family: 6, value: BigInt(`0x${digits}`) };
}
