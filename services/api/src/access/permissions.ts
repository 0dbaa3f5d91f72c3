/** From the least to the most; each has its own list, so that none inherits by accident. */
export const ROLES = ['public', 'owner', 'researcher', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const EVERYBODY: readonly Role[] = ROLES;
const WITH_KEY: readonly Role[] = ['owner', 'researcher', 'admin'];

/** The one place that says who may ask what. A route that is not named here does not start. */
export const PERMISSIONS = {
  live: EVERYBODY,
  ready: EVERYBODY,
  openapi: EVERYBODY,
  fields: EVERYBODY,
  series: EVERYBODY,
  cubes: EVERYBODY,
  count: WITH_KEY,
  trend: WITH_KEY,
  diff: WITH_KEY,
  search: WITH_KEY,
  export: WITH_KEY,
  scans: ['admin'],
  exclusions: ['admin'],
  keys: ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type RouteName = keyof typeof PERMISSIONS;

export function isAllowed(route: RouteName, role: Role): boolean {
  return (PERMISSIONS[route] as readonly Role[]).includes(role);
}
