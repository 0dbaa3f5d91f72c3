import type { Scope } from '@kubecensus/shared/addresses';

/** Connects per second at most, all probers together: the whole of IPv4 on one port within the hour. */
export const MAX_RATE = 1_000_000;
/** Loopback is our own machine. */
export const DEFAULT_LOOPBACK_RATE = 5_000;
/** Connects per second into one /24 or /48 of the public Internet: one a target every 13 s, if all of it is asked for. */
export const DEFAULT_PREFIX_RATE = 20;
/** An owner's network may have one small firewall in it. */
export const DEFAULT_PRIVATE_RATE = 200;

/** How a scan looks; frozen with it and shown with every count. */
export interface ScanMethod {
  /** Of kubecensus. */
  readonly version: string;
  /** Finish the handshake with every TLS answer, not only on evidence. */
  readonly thorough: boolean;
  readonly [setting: string]: unknown;
}

/** What somebody wants to have looked at. */
export interface ScanRequest {
  /** A census belongs to a series and counts; the others only bring the current state up to date. */
  readonly kind: 'census' | 'ad-hoc' | 'check';
  readonly targets: Scope;
  readonly allowPrivate?: boolean;
  /** Connects per second, all probers together. May be left out where nothing public is among the targets. */
  readonly rate?: number | undefined;
  /** Connects per second into one /24 (IPv4) or /48 (IPv6); on public ranges 20 unless told, elsewhere no cap. */
  readonly prefixRate?: number | undefined;
  readonly purpose?: string | undefined;
  readonly operator?: { readonly url?: string | undefined; readonly mail?: string | undefined };
  /** The date that answers give; now, unless told. */
  readonly asOf?: Date;
  readonly method: ScanMethod;
  /** Source addresses. */
  readonly vantage?: readonly string[];
  /** Prober processes that will share the work; 1 unless told. */
  readonly probers?: number;
  /** Of the series, where this request begins it. */
  readonly seriesName?: string;
}
