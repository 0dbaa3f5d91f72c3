import type { FlightNames, Recognition } from './define-component.ts';

/**
 * Controller-manager and scheduler make themselves `CN=localhost@<start>` certificates and name the same client CAs as an
 * API server, so their certificate tells them from it and the port tells them from each other; kOps gives them their names.
 */
export function recogniseControllerFlight(names: FlightNames, name: string, port: number): Recognition {
  if (names.commonName === name || names.commonName === `system:${name}`) return 'component';
  if (!/^localhost@\d{9,11}$/.test(names.commonName)) return 'none';
  return names.port === port ? 'component' : 'look-alike';
}
