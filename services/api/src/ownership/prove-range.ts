import { formatAddress, parseAddress, parseRange } from '@kubecensus/shared/addresses';
import { errorCodeOf, toError } from '@kubecensus/shared/errors';
import { toOnlyAddress, toReverseZones } from './reverse-zones.ts';

export const PROOFS = ['token-file', 'pointer', 'reverse-zone'] as const;
export type Proof = (typeof PROOFS)[number];

/** Before the name that carries a token. */
export const LABEL = '_kubecensus';
export const TOKEN_PATH = '/.well-known/kubecensus-owner.txt';

/** The names of the world, as a proof needs them. Each throws as node:dns does; ENOTFOUND and ENODATA mean none. */
export interface Resolver {
  texts(name: string): Promise<string[]>;
  pointers(address: string): Promise<string[]>;
  addresses(name: string): Promise<string[]>;
}

/** The first bytes of a page on an address, asked for by that address; throws where there is none. */
export type ReadPage = (address: string, path: string) => Promise<string>;

export type Outcome = { proof: Proof } | { problems: string[] };

/** Names of one address that are looked at; more are a stranger's joke. */
const MAX_NAMES = 5;

/**
 * Whether whoever holds the token holds the range, by the first of these that does:
 *
 *   token-file    one address alone: it serves the token at TOKEN_PATH
 *   pointer       one address alone: its PTR names a host whose own addresses hold it, and LABEL.host has the token as TXT
 *   reverse-zone  LABEL in every reverse zone of the range has the token as TXT; only who runs the zones can put it there
 */
export async function proveRange(
  { range: text, token }: { range: string; token: string },
  { resolver, readPage }: { resolver: Resolver; readPage: ReadPage },
): Promise<Outcome> {
  const range = parseRange(text);
  const address = toOnlyAddress(range);
  const attempts: [Proof, () => Promise<string | undefined>][] = [
    ['reverse-zone', () => byReverseZone(resolver, toReverseZones(range), token)],
    ...(address === undefined
      ? []
      : ([
          ['pointer', () => byPointer(resolver, address, token)],
          ['token-file', () => byTokenFile(readPage, address, token)],
        ] as [Proof, () => Promise<string | undefined>][])),
  ];
  const problems: string[] = [];
  for (const [proof, attempt] of attempts) {
    const problem = await attempt().catch((caught: unknown) => toError(caught).message);
    if (problem === undefined) return { proof };
    problems.push(`${proof}: ${problem}`);
  }
  return { problems };
}

async function byTokenFile(readPage: ReadPage, address: string, token: string): Promise<string | undefined> {
  const page = await readPage(address, TOKEN_PATH);
  const holds = page.split(/\r?\n/).some((line) => line.trim() === token);
  return holds ? undefined : `${TOKEN_PATH} does not hold the token on a line of its own`;
}

async function byPointer(resolver: Resolver, address: string, token: string): Promise<string | undefined> {
  const names = (await orNone(resolver.pointers(address))).slice(0, MAX_NAMES);
  for (const name of names) {
    const addresses = await orNone(resolver.addresses(name));
    if (!addresses.some((one) => isSame(one, address))) continue;
    if ((await orNone(resolver.texts(`${LABEL}.${name}`))).includes(token)) return undefined;
  }
  return names.length === 0
    ? 'the address has no PTR'
    : `no host that its PTR names both has this address and the token as TXT at ${LABEL} before its name`;
}

async function byReverseZone(
  resolver: Resolver,
  zones: string[] | undefined,
  token: string,
): Promise<string | undefined> {
  if (zones === undefined) return 'the range lies in too many reverse zones; claim it in parts';
  for (const zone of zones) {
    if (!(await orNone(resolver.texts(`${LABEL}.${zone}`))).includes(token))
      return `no TXT with the token at ${LABEL}.${zone}`;
  }
  return undefined;
}

function isSame(a: string, b: string): boolean {
  try {
    return formatAddress(parseAddress(a)) === formatAddress(parseAddress(b));
  } catch {
    return false; // what a name server calls an address and is none
  }
}

/** That a name has nothing is an answer; that its server cannot be reached is not. */
async function orNone(asked: Promise<string[]>): Promise<string[]> {
  try {
    return await asked;
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOTFOUND' || errorCodeOf(caught) === 'ENODATA') return [];
    throw caught;
  }
}
