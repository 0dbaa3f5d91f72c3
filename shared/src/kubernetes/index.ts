export * from './advisories.ts';
export * from './freshness.ts';
export * from './go-releases.ts';
export { builtInReleases, parseReleases, type Release } from './releases.ts';
export * from './standing.ts';
export { builtInSupportWindows, parseSupportWindows, type SupportWindow } from './support-windows.ts';
export * from './table-error.ts';
export * from './version.ts';
export * from './version-document.ts';
