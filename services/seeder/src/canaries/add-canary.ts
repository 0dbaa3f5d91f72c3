import { AddressSetBuilder, formatAddress, Scope, type Target } from '@kubecensus/shared/addresses';
import type { Queryable } from '@kubecensus/shared/database';
import type { Component } from '@kubecensus/shared/vocabulary';
import { toPermittedScope } from '../permission/permitted-scope.ts';
import { type CanaryRow, insertCanary } from './store/write-canaries.ts';

/**
 * Makes an endpoint of the operator's own a canary: every shard of every scan may look at it.
 * @throws KubecensusError SCAN_SPECIAL_REFUSED; AddressError ADDRESS_PORT
 */
export async function addCanary(
  client: Queryable,
  { address, port }: Target,
  component: Component,
  note = '',
): Promise<CanaryRow> {
  const addresses = new AddressSetBuilder().addAddress(address).build();
  // It is the operator's own, so a private address is no question.
  toPermittedScope(Scope.of([{ addresses, ports: [port] }]), true);
  return await insertCanary(client, { address: formatAddress(address), port, component, note });
}
