import { AddressError } from './address-error.ts';
import { type AddressRange, formatRange, parseRange, rangeSize, toRange } from './address-range.ts';
import { parseAddress, scanIpv4 } from './parse-address.ts';
import { MAX_TARGETS } from './permutation.ts';

/** What one line asks for: a range on the scan's ports, or one address on the port it names. */
export interface TargetLine {
  readonly range: AddressRange;
  readonly port: number | undefined;
}

/**
 * One line of a list of targets: an address, a prefix, a range, `address:port`, `[v6]:port` or `address,port`;
 * `#` starts a comment. Undefined for a line without a target.
 * @throws AddressError, every one with the next step
 */
export function parseTargetLine(line: string): TargetLine | undefined {
  if (isPlainIpv4(line)) return { range: parseRange(line), port: undefined };
  const comment = line.indexOf('#');
  const text = (comment < 0 ? line : line.slice(0, comment)).trim();
  if (text === '') return undefined;
  const withPort = splitPort(text);
  if (withPort === undefined) return { range: targetRange(text, text), port: undefined };
  const { before, after } = withPort;
  if (/^[\da-f.:]+[/-][\da-f.:]+$/i.test(before)) {
    throw new AddressError(
      'ADDRESS_PORT',
      text,
      'names a port for a whole range',
      `write ${before} and give the port with --ports ${after}`,
    );
  }
  const range = targetRange(before, text);
  const port = /^[1-9]\d{0,4}$/.test(after) ? Number(after) : 0;
  if (port < 1 || port > 65_535) {
    throw new AddressError('ADDRESS_PORT', text, 'names no port from 1 to 65535', 'write one, such as 6443');
  }
  return { range, port };
}

/** True for text of digits, dots and slashes alone: nearly every line of a long list. */
function isPlainIpv4(line: string): boolean {
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code < 0x2e || code > 0x39) return false;
  }
  return line !== '';
}

/** Address and port as written, or undefined for a line that names no port. */
function splitPort(text: string): { before: string; after: string } | undefined {
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    const before = text.slice(1, close);
    if (close < 0 || !before.includes(':') || (close + 1 < text.length && text[close + 1] !== ':')) {
      throw new AddressError('ADDRESS_MALFORMED', text, 'is no bracketed address', 'write it as [2001:db8::10]:6443');
    }
    if (close + 1 === text.length) {
      throw new AddressError('ADDRESS_PORT', text, 'has brackets but no port', `write ${before}, or [${before}]:6443`);
    }
    return { before, after: text.slice(close + 2) };
  }
  const comma = text.indexOf(',');
  if (comma >= 0) {
    return { before: text.slice(0, comma).trimEnd(), after: text.slice(comma + 1).trimStart() };
  }
  const colon = text.indexOf(':');
  if (colon < 0 || text.indexOf(':', colon + 1) >= 0) return undefined;
  // One colon never makes an IPv6 address (`1::` has two), so what stands before it is IPv4 or a mistake.
  if (scanIpv4(text, 0, colon) < 0 && !/^[\d.]+[/-][\d.]+$/.test(text.slice(0, colon))) return undefined;
  return { before: text.slice(0, colon), after: text.slice(colon + 1) };
}

const TOO_MANY = BigInt(MAX_TARGETS);
const MAPPED_FIRST = 0xffff_0000_0000n;
const MAPPED_LAST = 0xffff_ffff_ffffn;

/**
 * One address as another program wrote it, for a target of its own.
 * @throws AddressError ADDRESS_IPV4_MAPPED, and what parseAddress throws
 */
export function parseTargetAddress(text: string): AddressRange {
  return assertTarget(toRange(parseAddress(text)), text);
}

function targetRange(text: string, whole: string): AddressRange {
  const scheme = text.indexOf('://');
  if (scheme > 0) {
    const authority = text.slice(scheme + 3).split('/', 1)[0];
    throw new AddressError('ADDRESS_MALFORMED', whole, 'is a URL', `write the address and port alone: ${authority}`);
  }
  return assertTarget(whole === text ? parseRange(text) : toRange(parseAddress(text)), whole);
}

function assertTarget(range: AddressRange, whole: string): AddressRange {
  if (range.family === 4) return range;
  const { first, last } = range;
  if (first >= MAPPED_FIRST && last <= MAPPED_LAST) {
    const ipv4 = { family: 4, first: Number(first - MAPPED_FIRST), last: Number(last - MAPPED_FIRST) } as const;
    throw new AddressError(
      'ADDRESS_IPV4_MAPPED',
      whole,
      'is IPv4-mapped IPv6, which is another spelling of IPv4 and no target',
      `write ${formatRange(ipv4)}`,
    );
  }
  if (last - first >= TOO_MANY) {
    throw new AddressError(
      'ADDRESS_SET_TOO_LARGE',
      whole,
      `holds ${rangeSize(range).toLocaleString('en')} addresses, more than the 2^52 that one scan can hold`,
      'give a hit list of IPv6 addresses that are in use, or prefixes of /76 and longer',
    );
  }
  return range;
}
