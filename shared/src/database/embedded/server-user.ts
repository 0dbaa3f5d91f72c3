import { execFileSync } from 'node:child_process';
import { KubecensusError } from '../../errors/index.ts';

/** The system user that the server runs as; PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In order of preference: PostgreSQL's own user where there is one, else the one without any powers. */
const CANDIDATES = ['postgres', 'nobody'];

/** The user to run the server as, or undefined where this process is an ordinary user's and the server runs as it. */
export function readServerUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of CANDIDATES) {
    const uid = readId('-u', name);
    const gid = readId('-g', name);
    if (uid !== undefined && gid !== undefined && uid !== 0) return { name, uid, gid };
  }
  throw new KubecensusError(
    'DATABASE_INIT_FAILED',
    `PostgreSQL does not run as root and this system has neither of the users ${CANDIDATES.join(', ')}; ` +
      'add one (useradd --system postgres), run kubecensus as an ordinary user, or set DATABASE_URL',
  );
}

/** Through `id`, because users need not stand in /etc/passwd. */
function readId(flag: '-u' | '-g', name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim());
  } catch {
    return undefined; // `id` fails for a name that does not exist
  }
}

/** spawn() options that make a child run as that user. The working directory must be one that it may enter. */
export function toSpawnIdentity(user: ServerUser | undefined): { uid?: number; gid?: number; cwd: string } {
  return user === undefined ? { cwd: '/' } : { uid: user.uid, gid: user.gid, cwd: '/' };
}
