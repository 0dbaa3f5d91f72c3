import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Lab, LabOptions, LabTargets } from './lab.ts';
import { LabError } from './lab-error.ts';
import { type LabMethod, type LabReply, type LabRequest, STARTED, toLabArgument } from './lab-protocol.ts';

type Awaited1<Method extends LabMethod> = Awaited<ReturnType<Lab[Method]>>;

/** A lab in a process of its own, so that it shares no event loop with what probes it. Started when it is handed out. */
export interface LabProcess {
  pid: number;
  targets: LabTargets;
  truth(week: number): Promise<Awaited1<'truth'>>;
  setWeek(week: number): Promise<void>;
  recorded(): Promise<Awaited1<'recorded'>>;
  forget(): Promise<void>;
  learned(): Promise<Awaited1<'learned'>>;
  /** Ends the process; may be called twice. */
  close(): Promise<void>;
}

/** Sources are run from their build: Node 20 cannot read TypeScript. */
function mainPath(): string {
  const here = import.meta.url;
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../dist/main.js' : './main.js', here));
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

function connect(child: ChildProcess): (id: number, request?: LabRequest) => Promise<unknown> {
  const waiting = new Map<number, Waiting>();
  let ended: LabError | null = null;

  child.on('message', (reply: LabReply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) asked?.reject(new LabError(reply.error.code, reply.error.message));
    else asked?.resolve(reply.result);
  });
  child.once('exit', (code, signal) => {
    ended = new LabError('LAB_ENDED', `the lab's process ended (${signal ?? `exit code ${code}`})`);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  });
  return (id, request) =>
    new Promise((resolve, reject) => {
      if (ended !== null) {
        reject(ended);
        return;
      }
      waiting.set(id, { resolve, reject });
      if (request !== undefined) child.send(request);
    });
}

/** Starts a lab in a child process. Throws `LabError` where it cannot start. */
export async function spawnLab(options: LabOptions): Promise<LabProcess> {
  const child = fork(mainPath(), [toLabArgument(options)], { serialization: 'advanced', execArgv: [] });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const ask = connect(child);
  let lastId = STARTED;

  function call(method: LabMethod, ...values: unknown[]): Promise<unknown> {
    lastId += 1;
    return ask(lastId, { id: lastId, method, arguments: values });
  }

  async function close(): Promise<void> {
    if (child.connected) child.disconnect();
    await exited;
  }

  try {
    await ask(STARTED);
    const targets = (await call('targets')) as LabTargets;
    return {
      pid: child.pid ?? 0,
      targets,
      truth: async (week) => (await call('truth', week)) as Awaited1<'truth'>,
      setWeek: async (week) => void (await call('setWeek', week)),
      recorded: async () => (await call('recorded')) as Awaited1<'recorded'>,
      forget: async () => void (await call('forget')),
      learned: async () => (await call('learned')) as Awaited1<'learned'>,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
