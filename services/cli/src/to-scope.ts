import type { TargetBlock, TargetSelection } from '@kubecensus/shared/addresses';

/** Addresses on the scan's ports, and single targets on the port that each names. */
export function toBlocks(selection: TargetSelection, ports: readonly number[]): TargetBlock[] {
  const blocks: TargetBlock[] = [...selection.single].map(([port, addresses]) => ({ ports: [port], addresses }));
  if (!selection.addresses.isEmpty) blocks.push({ ports: [...ports], addresses: selection.addresses });
  return blocks;
}
