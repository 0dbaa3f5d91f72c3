import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import { cleanText } from '@kubecensus/shared/text';
import { type ListeningSocket, parseSocketTable } from './parse-socket-table.ts';

export type SocketOwner = { readonly pid: number; readonly name: string };

export type Owners = {
  /** By inode; a socket may be shared by a process and its children. */
  readonly byInode: ReadonlyMap<string, readonly SocketOwner[]>;
  /** Processes whose descriptors this user may not see. */
  readonly hidden: number;
};

/** A kernel keeps this many bytes of a process' name, and cuts the rest (TASK_COMM_LEN less its end). */
const COMM_LENGTH = 15;

/** A program may give itself any name. */
const MAX_NAME = 64;

/** Gone since the folder was listed. */
const GONE = new Set(['ENOENT', 'ESRCH']);

/**
 * What listens in the network of `proc`: of this process for /proc itself, of process 1 for another machine's that is
 * mounted here (as /host/proc in a container).
 * @throws KubecensusError LOCAL_UNREADABLE where there is no such table: this is no Linux, or the folder no /proc
 */
export async function readListeningSockets(proc: string): Promise<ListeningSocket[]> {
  const folder = proc === '/proc' ? '/proc/net' : path.join(proc, '1/net');
  try {
    const tcp = await readFile(path.join(folder, 'tcp'), 'utf8');
    const tcp6 = await readFile(path.join(folder, 'tcp6'), 'utf8').catch(orNothing('')); // absent without IPv6
    return [...parseSocketTable(tcp), ...parseSocketTable(tcp6)];
  } catch (cause) {
    throw new KubecensusError(
      'LOCAL_UNREADABLE',
      `${folder}/tcp cannot be read (${toError(cause).message}); run this on the machine of the cluster, which must be a Linux, or name its /proc with --proc`,
      { cause },
    );
  }
}

/** Whose sockets these are, by the descriptors of every process that may be seen. */
export async function readOwners(proc: string, inodes: ReadonlySet<string>): Promise<Owners> {
  const byInode = new Map<string, SocketOwner[]>();
  let hidden = 0;
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids.sort((a, b) => a - b)) {
    const held = await readSocketsOf(proc, pid);
    if (held === undefined) hidden += 1;
    const wanted = [...(held ?? [])].filter((inode) => inodes.has(inode));
    if (wanted.length === 0) continue;
    const owner = { pid, name: cleanText(await readName(proc, pid), MAX_NAME) };
    for (const inode of wanted) byInode.set(inode, [...(byInode.get(inode) ?? []), owner]);
  }
  return { byInode, hidden };
}

/** Undefined where the descriptors are another user's. */
async function readSocketsOf(proc: string, pid: number): Promise<ReadonlySet<string> | undefined> {
  const folder = path.join(proc, String(pid), 'fd');
  try {
    const inodes = new Set<string>();
    for (const descriptor of await readdir(folder)) {
      const target = await readlink(path.join(folder, descriptor)).catch(orNothing(''));
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
    return inodes;
  } catch (caught) {
    return GONE.has(toCode(caught)) ? new Set() : undefined;
  }
}

/** `kube-controller-manager`, which the kernel cuts to `kube-controller`: the command line has the rest. */
async function readName(proc: string, pid: number): Promise<string> {
  const folder = path.join(proc, String(pid));
  const comm = (await readFile(path.join(folder, 'comm'), 'utf8').catch(orNothing('?'))).trimEnd();
  if (comm.length < COMM_LENGTH) return comm;
  const [first = ''] = (await readFile(path.join(folder, 'cmdline'), 'utf8').catch(orNothing(''))).split('\0');
  const program = path.basename(first);
  return program.startsWith(comm) ? program : comm;
}

function orNothing(nothing: string): (caught: unknown) => string {
  return (caught) => {
    if (GONE.has(toCode(caught))) return nothing;
    throw caught;
  };
}

function toCode(caught: unknown): string {
  return (caught as NodeJS.ErrnoException).code ?? '';
}
