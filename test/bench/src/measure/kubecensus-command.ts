import { fileURLToPath } from 'node:url';

/** The command as a user calls it: `node KUBECENSUS_COMMAND scan ...`. */
export const KUBECENSUS_COMMAND = fileURLToPath(new URL('../../../../services/cli/bin/kubecensus.js', import.meta.url));
