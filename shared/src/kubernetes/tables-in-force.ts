import { type Advisory, builtInAdvisories } from './advisories.ts';
import { builtInGoReleases, type GoRelease } from './go-releases.ts';
import { builtInReleases, type Release } from './releases.ts';
import { builtInSupportWindows, type SupportWindow } from './support-windows.ts';

/** The tables that answers rest on where a caller brings none of its own. */
export interface KubernetesTables {
  readonly releases: ReadonlyMap<string, Release>;
  readonly windows: ReadonlyMap<string, SupportWindow>;
  readonly goReleases: readonly GoRelease[];
  readonly advisories: readonly Advisory[];
}

let refreshed: Partial<KubernetesTables> = {};

/** Puts refreshed tables in the place of those that come with the program; once, when a process starts. */
export function putInForce(tables: Partial<KubernetesTables>): void {
  refreshed = tables;
}

export const tablesInForce: KubernetesTables = {
  get releases() {
    return refreshed.releases ?? builtInReleases();
  },
  get windows() {
    return refreshed.windows ?? builtInSupportWindows();
  },
  get goReleases() {
    return refreshed.goReleases ?? builtInGoReleases();
  },
  get advisories() {
    return refreshed.advisories ?? builtInAdvisories();
  },
};
