import { endianness } from 'node:os';
import { type Address, formatAddress } from '@kubecensus/shared/addresses';

/** A TCP socket that waits for connections. */
export type ListeningSocket = {
  readonly address: Address;
  readonly port: number;
  /** By which the descriptors of processes name it. */
  readonly inode: string;
};

/** sl, local address and port, remote, state 0A (TCP_LISTEN), queues, timer, retransmits, uid, timeout, inode. */
const LISTENING =
  /^\s*\d+: ((?:[0-9A-F]{8}){1,4}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A [0-9A-F:]+ [0-9A-F:]+ [0-9A-F]+ +\d+ +\d+ (\d{1,20})\b/;
const MAPPED = 0xffffn;

/**
 * The listening sockets of /proc/net/tcp or tcp6 (Linux: net/ipv4/tcp_ipv4.c and net/ipv6/tcp_ipv6.c). Addresses are
 * 32-bit words in the byte order of the machine, IPv6 as four of them from the left. Other lines are passed over.
 * @param order of the machine that wrote the text; this one's unless told
 */
export function parseSocketTable(text: string, order: 'LE' | 'BE' = endianness()): ListeningSocket[] {
  return text.split('\n').flatMap((line) => {
    const [, words = '', port = '', inode = ''] = LISTENING.exec(line) ?? [];
    if (words.length !== 8 && words.length !== 32) return [];
    return [{ address: toAddress(words, order), port: Number.parseInt(port, 16), inode }];
  });
}

function toAddress(words: string, order: 'LE' | 'BE'): Address {
  const hex = order === 'BE' ? words : words.replace(/(..)(..)(..)(..)/g, '$4$3$2$1');
  if (hex.length === 8) return { family: 4, value: Number.parseInt(hex, 16) };
  const value = BigInt(`0x${hex}`);
  // A socket of both families shows what it bound of IPv4 as ::ffff:a.b.c.d.
  return value >> 32n === MAPPED ? { family: 4, value: Number(value & 0xffff_ffffn) } : { family: 6, value };
}

/** Bound to no address of its own: to all that the machine has and will have. */
export function isWildcard(address: Address): boolean {
  return formatAddress(address) === '::' || formatAddress(address) === '0.0.0.0';
}
