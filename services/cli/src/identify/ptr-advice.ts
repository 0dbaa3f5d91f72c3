import { type Address, parseAddress } from '@kubecensus/shared/addresses';
import { hostOf, type Identity } from './identity.ts';

/** The records that make the source addresses say who they are, as lines of zone files, with what to do with them. */
export function toPtrAdvice(identity: Identity): string {
  const host = hostOf(identity);
  const names = identity.sources.map((source, index) => ({
    source,
    name: `kubecensus-${index + 1}.${host}.`,
    reverse: toReverseName(parseAddress(source)),
    type: parseAddress(source).family === 4 ? 'A' : 'AAAA',
  }));
  const head = [
    '; Who looks up a source address of a scan should find its operator at once.',
    '; Reverse zone: ask the provider of the addresses to set these.',
  ];
  if (names.length === 0)
    return `${head.join('\n')}\n; No source address is known: name them with --source and write this again.\n`;
  return [
    ...head,
    ...names.map(({ reverse, name }) => `${reverse} IN PTR ${name}`),
    `; Zone of ${host}: the names must lead back to the addresses, or nobody believes them.`,
    ...names.map(({ name, type, source }) => `${name} IN ${type} ${source}`),
    '; What answers on these addresses over HTTP should be the page of this directory.',
    '',
  ].join('\n');
}

/** RFC 1035 section 3.5, RFC 3596 section 2.5. */
export function toReverseName(address: Address): string {
  if (address.family === 4) {
    const octets = [24, 16, 8, 0].map((shift) => (address.value >>> shift) & 255);
    return `${octets.reverse().join('.')}.in-addr.arpa.`;
  }
  const digits = address.value.toString(16).padStart(32, '0');
  return `${[...digits].reverse().join('.')}.ip6.arpa.`;
}
