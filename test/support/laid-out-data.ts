import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { startEmbeddedServer } from '../../shared/src/database/embedded/embedded-server.ts';

/** A temporary directory that the server of root, which runs as another user, gets through. */
export async function createPassableHome(): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'kubecensus-home-'));
  await chmod(home, 0o755);
  return home;
}

/** A data directory that was laid out once; tests take copies of it, which is faster than a layout each. */
export async function layOutData(): Promise<{ copyTo(dataDir: string): Promise<void>; remove(): Promise<void> }> {
  const home = await createPassableHome();
  const server = await startEmbeddedServer({ dataDir: path.join(home, 'data'), settings: { fsync: 'off' } });
  await server.stop();
  return {
    async copyTo(dataDir) {
      // As `cp -a` and not fs.cp, which does not keep the owner.
      await promisify(execFile)('cp', ['-a', path.join(home, 'data'), dataDir]);
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
}
