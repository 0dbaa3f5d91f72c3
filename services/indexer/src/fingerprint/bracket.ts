import { compareMinorVersions, type GoRelease, tablesInForce } from '@kubecensus/shared/kubernetes';
import type { Confidence } from '@kubecensus/shared/vocabulary';
import type { Facts, FlightFacts } from './facts.ts';

/** The minors that a silent server may run, both ends inclusive; an open end is absent. */
export interface Bracket {
  readonly low?: string;
  readonly high?: string;
  /** `medium` for who builds with upstream's toolchain, `low` for who brings their own. */
  readonly confidence: Confidence;
  /** What the first flight showed, by its name in the table. */
  readonly behaviour: string;
}

/** One step in the life of Go's TLS server (golang/go:src/crypto/tls) that shows in a first flight of TLS 1.2. */
export interface GoBehaviour {
  readonly name: string;
  readonly source: string;
  /** First and last Go minor that behave so, both inclusive; an open end is absent. */
  readonly firstGo?: string;
  readonly lastGo?: string;
  /** Set by the defaults of the program's own Go minor, which newer toolchains keep. */
  readonly followsDefaults?: true;
  readonly when: (flight: FlightFacts, offered: ReadonlySet<number>) => boolean;
}

const RSA_PKCS1_SHA1 = 0x0201;
const RSA_PKCS1_SHA256 = 0x0401;
const ECDSA_P256_SHA256 = 0x0403;
const RSA_PSS_SHA256 = 0x0804;

/** Every scheme that a Go server ever named in a CertificateRequest: one more, and something else is in front. */
const GO_SCHEMES: ReadonlySet<number> = new Set([
  0x0804, 0x0403, 0x0807, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0503, 0x0603, 0x0201, 0x0203,
]);

export const GO_BEHAVIOURS: readonly GoBehaviour[] = [
  {
    name: 'without-sha1',
    source: 'golang/go#72883: SHA-1 is no longer offered in TLS 1.2, by the defaults of Go 1.25',
    firstGo: '1.25',
    followsDefaults: true,
    when: ({ extendedMasterSecret }, offered) => extendedMasterSecret === true && !offered.has(RSA_PKCS1_SHA1),
  },
  {
    name: 'extended-master-secret',
    source: 'Go 1.21 release notes: RFC 7627 on both sides',
    firstGo: '1.21',
    when: ({ extendedMasterSecret }) => extendedMasterSecret === true,
  },
  {
    name: 'pss-without-extended-master-secret',
    source: 'recorded from Go 1.19.8; golang/go commit 52a5bf4 brought RSA-PSS back to TLS 1.2 in Go 1.14',
    firstGo: '1.14',
    lastGo: '1.20',
    when: ({ downgradeMark }, offered) => downgradeMark === true && offered.has(RSA_PSS_SHA256),
  },
  {
    name: 'tls13-without-pss',
    source: 'Go 1.13 release notes: TLS 1.3 by default; golang/go commit 7ccd358 keeps RSA-PSS out of TLS 1.2',
    firstGo: '1.13',
    lastGo: '1.13',
    when: ({ downgradeMark }) => downgradeMark === true,
  },
  {
    name: 'without-tls13',
    source: 'RFC 8446 section 4.1.3: no mark in the random of a server that does not speak TLS 1.3',
    lastGo: '1.12',
    when: ({ downgradeMark }) => downgradeMark === false,
  },
];

/**
 * Reads the Go release behind a first flight, and with it the minors that upstream built with such releases. Nothing
 * where the flight was not seen in clear, was not TLS 1.2, or is not that of a Go server asking for client certificates.
 */
export function toBracket(
  facts: Facts,
  releases: readonly GoRelease[] = tablesInForce.goReleases,
): Bracket | undefined {
  const behaviour = toGoBehaviour(facts);
  return behaviour === undefined ? undefined : toMinors(behaviour, releases);
}

const behaviours = new WeakMap<FlightFacts, GoBehaviour | 'none'>();

/** How the server's Go release shows; undefined where the flight was not seen in clear, or is none of a Go server. */
export function toGoBehaviour({ flight }: Facts): GoBehaviour | undefined {
  if (flight === undefined) return undefined;
  const seen = behaviours.get(flight) ?? readBehaviour(flight) ?? 'none';
  behaviours.set(flight, seen);
  return seen === 'none' ? undefined : seen;
}

function readBehaviour(flight: FlightFacts): GoBehaviour | undefined {
  if (!flight.seenInClear || flight.tlsVersion !== 'tls12') return undefined;
  const offered: ReadonlySet<number> = new Set(flight.signatureAlgorithms);
  const isGo = offered.has(RSA_PKCS1_SHA256) && offered.has(ECDSA_P256_SHA256) && isSubset(offered, GO_SCHEMES);
  return isGo ? GO_BEHAVIOURS.find(({ when }) => when(flight, offered)) : undefined;
}

/** Go versions that are remembered for each behaviour; upstream's releases were built with some two hundred. */
const MAX_GO_VERSIONS = 1000;
const foreignTo = new Map<GoBehaviour, Map<string, boolean>>(GO_BEHAVIOURS.map((behaviour) => [behaviour, new Map()]));

/**
 * How the server's Go release shows, where that is not the release which its /version tells: something else is in front,
 * or the answer is another's. Toolchains with experiments (`X:boringcrypto`) talk TLS in their own way and are not judged.
 */
export function toForeignBehaviour(facts: Facts): GoBehaviour | undefined {
  if (facts.version?.kind !== 'version') return undefined;
  const behaviour = toGoBehaviour(facts);
  if (behaviour === undefined) return undefined;
  const { goVersion } = facts.version.document;
  const known = foreignTo.get(behaviour);
  let isForeign = known?.get(goVersion);
  if (isForeign === undefined) {
    isForeign = isForeignTo(behaviour, goVersion);
    if (known !== undefined && known.size >= MAX_GO_VERSIONS) known.clear();
    known?.set(goVersion, isForeign);
  }
  return isForeign ? behaviour : undefined;
}

function isForeignTo({ firstGo, lastGo }: GoBehaviour, goVersion: string): boolean {
  const told = /^go(\d{1,2}\.\d{1,3})(?:\.\d{1,3})?$/.exec(goVersion)?.[1];
  if (told === undefined) return false;
  const isEarlier = firstGo !== undefined && compareMinorVersions(told, firstGo) < 0;
  const isLater = lastGo !== undefined && compareMinorVersions(told, lastGo) > 0;
  return isEarlier || isLater;
}

const known = new WeakMap<readonly GoRelease[], Map<string, Bracket | undefined>>();

/** There are as many answers as behaviours, and a million questions. */
function toMinors(behaviour: GoBehaviour, releases: readonly GoRelease[]): Bracket | undefined {
  const brackets = known.get(releases) ?? new Map(GO_BEHAVIOURS.map((each) => [each.name, readMinors(each, releases)]));
  known.set(releases, brackets);
  return brackets.get(behaviour.name);
}

function readMinors(behaviour: GoBehaviour, releases: readonly GoRelease[]): Bracket | undefined {
  const minors = releases.filter((release) => isBuiltWith(release, behaviour)).map(({ minor }) => minor);
  const [low, high] = [minors[0], minors.at(-1)];
  if (low === undefined || high === undefined) return undefined;
  return {
    // The table's own ends are not the world's: what is before its first or after its last row is open.
    ...(low === releases[0]?.minor ? {} : { low }),
    ...(high === releases.at(-1)?.minor ? {} : { high }),
    confidence: 'medium',
    behaviour: behaviour.name,
  };
}

function isBuiltWith({ firstGo, lastGo }: GoRelease, behaviour: GoBehaviour): boolean {
  const last = behaviour.followsDefaults === true ? firstGo : lastGo;
  const isNewEnough = behaviour.firstGo === undefined || compareMinorVersions(last, behaviour.firstGo) >= 0;
  return isNewEnough && (behaviour.lastGo === undefined || compareMinorVersions(firstGo, behaviour.lastGo) <= 0);
}

function isSubset(values: ReadonlySet<number>, of: ReadonlySet<number>): boolean {
  for (const value of values) if (!of.has(value)) return false;
  return true;
}
