import { parseCidr, prefixLength } from './address-range.ts';
import { AddressSet } from './address-set.ts';
import { AddressSetBuilder } from './address-set-builder.ts';
import { withEmbeddedIpv4 } from './embedded-ipv4.ts';
import { IPV4_SPECIAL_PURPOSE } from './special-purpose-ipv4.ts';
import { IPV6_SPECIAL_PURPOSE } from './special-purpose-ipv6.ts';

/** A row of one of the IANA registries. */
export interface SpecialPurposeEntry {
  readonly prefix: string;
  readonly name: string;
  /** What the registry cites, such as `RFC 1918`. */
  readonly rfc: string;
  /**
   * The registry's column; `not-applicable` (deprecated blocks, tunnels) is treated as not reachable. A longer
   * prefix overrides a shorter one.
   */
  readonly globallyReachable: boolean | 'not-applicable';
  /** `loopback` and `private` may be looked at on purpose (a lab, an owner's network); nothing else that is unreachable may. */
  readonly use?: 'loopback' | 'private';
}

/** Both registries, as of 2026-01, IPv4 first. */
export const SPECIAL_PURPOSE: readonly SpecialPurposeEntry[] = [...IPV4_SPECIAL_PURPOSE, ...IPV6_SPECIAL_PURPOSE];

function setOf(entries: readonly SpecialPurposeEntry[]): AddressSet {
  const builder = new AddressSetBuilder();
  for (const entry of entries) builder.add(parseCidr(entry.prefix));
  return builder.build();
}

/** What one address, or a part of a set, is: it decides who may scan it. */
export type AddressClass = 'loopback' | 'private' | 'special' | 'public';

/** The sets behind `classify`: `special` is what no scan may hold, whoever asks. */
export interface SpecialPurposeSets {
  readonly loopback: AddressSet;
  readonly private: AddressSet;
  readonly special: AddressSet;
  /** All three: what a public scan leaves out. */
  readonly unreachable: AddressSet;
}

function build(): SpecialPurposeSets {
  const byLength = SPECIAL_PURPOSE.map((entry) => ({ entry, length: prefixLength(parseCidr(entry.prefix)) ?? 0 }));
  byLength.sort((a, b) => a.length - b.length);
  let unreachable = AddressSet.EMPTY;
  for (const { entry } of byLength) {
    const prefix = setOf([entry]);
    unreachable = entry.globallyReachable === true ? unreachable.subtract(prefix) : unreachable.union(prefix);
  }
  const loopback = setOf(SPECIAL_PURPOSE.filter(({ use }) => use === 'loopback'));
  const privateUse = setOf(SPECIAL_PURPOSE.filter(({ use }) => use === 'private'));
  // 64:ff9b::/96 is globally reachable, but not with an unreachable IPv4 address inside.
  const all = withEmbeddedIpv4(unreachable);
  return { loopback, private: privateUse, special: all.subtract(loopback).subtract(privateUse), unreachable: all };
}

let sets: SpecialPurposeSets | undefined;

/** Built once, when first asked for. */
export function specialPurposeSets(): SpecialPurposeSets {
  sets ??= build();
  return sets;
}
