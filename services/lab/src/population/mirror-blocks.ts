/** Addresses of the prefix that shows one server on one port. */
export const MIRROR_SLOTS = 64;
/** Addresses of the prefix that answers on every port. */
export const MIRROR_ALL_PORTS_SLOTS = 16;

/** Blocks of the layout that the mirrors take whole. */
export interface MirrorBlocks {
  onePort: readonly number[];
  everyPort: readonly number[];
}
