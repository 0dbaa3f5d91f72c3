/** A mark on more addresses at once than this is an image's or a company's, and no cluster's. */
export const MAX_CLUSTER_ADDRESSES = 64;
/** The same of autonomous systems: a control plane is balanced over a provider's zones, and not over providers. */
export const MAX_CLUSTER_NETWORKS = 8;
/** One certificate on more addresses of a prefix than this, or on more ports of an address, is one server's. */
export const MAX_EQUAL_ADDRESSES = 8;
export const MAX_EQUAL_PORTS = 8;
/** A prefix is one server's, too, where so many of its addresses show API servers on so many ports each. */
export const WHOLE_PREFIX_ADDRESSES = 128;
export const WHOLE_PREFIX_PORTS = 3;
