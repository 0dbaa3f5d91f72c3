import { type Address, type Ipv6Address, toIpv6Value } from './address.ts';
import { AddressError } from './address-error.ts';

const IPV4_STEP = 'write four decimal numbers from 0 to 255 without leading zeros, such as 192.0.2.10';
const IPV6_STEP = 'write it as in RFC 4291 section 2.2, such as 2001:db8::10';

/** The number of the IPv4 address in `text[from, to)`, or -1. Leading zeros are refused: some programs read them as octal. */
export function scanIpv4(text: string, from: number, to: number): number {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) {
      if (digits === 0 || dots === 3) return -1;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots += 1;
    } else {
      const digit = code - 0x30;
      if (digit < 0 || digit > 9 || (digits > 0 && octet === 0)) return -1;
      octet = octet * 10 + digit;
      digits += 1;
      if (octet > 255) return -1;
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : -1;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

// The groups of the address being read: a million of them make no garbage.
const groups = new Uint16Array(8);

/** Reads the groups of the IPv6 address in `text[from, to)`, `::` once and a dotted tail allowed; false where it is none. */
function scanIpv6Groups(text: string, from: number, to: number): boolean {
  let count = 0;
  let gapAt = -1;
  let at = from;
  if (to - from >= 2 && text.charCodeAt(from) === 0x3a && text.charCodeAt(from + 1) === 0x3a) {
    gapAt = 0;
    at += 2;
  }
  while (at < to) {
    if (count === 8) return false;
    let end = at;
    let group = 0;
    for (; end < to && end - at < 5; end += 1) {
      const digit = hexDigit(text.charCodeAt(end));
      if (digit < 0) break;
      group = group * 16 + digit;
    }
    if (end < to && text.charCodeAt(end) === 0x2e) {
      const tail = scanIpv4(text, at, to);
      if (tail < 0 || count > 6) return false;
      groups[count] = tail >>> 16;
      groups[count + 1] = tail;
      count += 2;
      break;
    }
    if (end === at || end - at > 4) return false;
    groups[count] = group;
    count += 1;
    at = end;
    if (at === to) break;
    if (text.charCodeAt(at) !== 0x3a) return false;
    at += 1;
    if (at === to) return false;
    if (text.charCodeAt(at) === 0x3a) {
      if (gapAt >= 0) return false;
      gapAt = count;
      at += 1;
    }
  }
  if (gapAt < 0) return count === 8;
  if (count > 7) return false;
  const behind = count - gapAt;
  for (let group = 1; group <= behind; group += 1) groups[8 - group] = groups[count - group] as number;
  for (let group = gapAt; group < 8 - behind; group += 1) groups[group] = 0;
  return true;
}

function word(index: number): number {
  return (groups[index * 2] as number) * 0x1_0000 + (groups[index * 2 + 1] as number);
}

// 45 is the longest spelling there is: six full groups and a dotted tail.
const MAX_IPV6_LENGTH = 45;

/** Writes the four words of the IPv6 address in `text[from, to)`, highest first; false where it is none. */
export function scanIpv6Words(text: string, from: number, to: number, words: Uint32Array): boolean {
  if (to - from > MAX_IPV6_LENGTH || !scanIpv6Groups(text, from, to)) return false;
  for (let at = 0; at < 4; at += 1) words[at] = word(at);
  return true;
}

/** The IPv6 address that `text` spells, or undefined. */
export function scanIpv6(text: string): Ipv6Address | undefined {
  if (text.length > MAX_IPV6_LENGTH || !scanIpv6Groups(text, 0, text.length)) return undefined;
  return { family: 6, value: toIpv6Value(word(0), word(1), word(2), word(3)) };
}

/**
 * One address of either family, strictly. IPv4-mapped IPv6 is an address like any other here;
 * what reads targets refuses it.
 * @throws AddressError ADDRESS_MALFORMED, ADDRESS_ZONE, ADDRESS_HOST_NAME
 */
export function parseAddress(text: string): Address {
  const ipv4 = scanIpv4(text, 0, text.length);
  if (ipv4 >= 0) return { family: 4, value: ipv4 };
  if (text.includes(':')) {
    const ipv6 = scanIpv6(text);
    if (ipv6 !== undefined) return ipv6;
  }
  throw explain(text);
}

function explain(text: string): AddressError {
  if (text === '') {
    return new AddressError(
      'ADDRESS_MALFORMED',
      text,
      'is no address',
      'write one, such as 192.0.2.10 or 2001:db8::10',
    );
  }
  const zone = text.indexOf('%');
  if (zone >= 0 && text.includes(':')) {
    return new AddressError(
      'ADDRESS_ZONE',
      text,
      'names a zone, which means something on one machine only',
      `leave out ${text.slice(zone)}`,
    );
  }
  if (text.includes(':')) return new AddressError('ADDRESS_MALFORMED', text, 'is no IPv6 address', IPV6_STEP);
  if (/^[0-9.]+$/.test(text)) {
    const parts = text.split('.');
    const large = parts.find((part) => Number(part) > 255);
    const octal = parts.find((part) => part.length > 1 && part.startsWith('0'));
    const problem =
      parts.length !== 4
        ? `is no IPv4 address: it has ${parts.length} numbers of 4`
        : large !== undefined
          ? `is no IPv4 address: ${large} is over 255`
          : octal !== undefined
            ? `is no IPv4 address: ${octal} has a leading zero, which some programs read as octal`
            : 'is no IPv4 address';
    return new AddressError('ADDRESS_MALFORMED', text, problem, IPV4_STEP);
  }
  if (/^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(text) && /[a-z]/i.test(text)) {
    return new AddressError(
      'ADDRESS_HOST_NAME',
      text,
      'looks like a host name, and names are never looked up',
      'write the address itself',
    );
  }
  return new AddressError(
    'ADDRESS_MALFORMED',
    text,
    'is no address',
    'write an IPv4 or IPv6 address, such as 192.0.2.10 or 2001:db8::10',
  );
}
