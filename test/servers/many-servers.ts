import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Probe } from '../../services/prober/src/probe-target.ts';
import { OWN_ADDRESS, takeOwnPort } from '../support/own-address.ts';
import { CertificatePool, type KeyPair } from '../support/prober/certificates.ts';
import { type Program, startProgram } from '../support/programs.ts';
import { type Recorded, record, startProbe } from './recorded.ts';
import type { ServerCase } from './server-case.ts';

/** A case with what its server needs: a port of its own and a certificate. */
export interface Place {
  of: ServerCase;
  port: number;
  /** Its address and port, with a colon between them. */
  listen: string;
  pair: KeyPair;
  /** File of the authority that it names where it asks for a client certificate. */
  clientAuthority: string;
}

/** Real servers for the cases of one test file, and the probe that looks at them. */
export class ManyServers {
  readonly pool = new CertificatePool();
  readonly probe: Probe = startProbe();
  readonly #ports = new Map<ServerCase, number>();
  readonly #programs: Program[] = [];
  #folders = 0;
  #isClosed = false;

  /** A folder of its own for a program. */
  createFolder(): string {
    const folder = path.join(this.pool.folder, `program-${this.#folders++}`);
    mkdirSync(folder);
    return folder;
  }

  writeFile(folder: string, name: string, text: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  /** Starts one program that listens for all cases; `command` makes its command line. */
  async startOne(cases: readonly ServerCase[], command: (places: readonly Place[]) => string[]): Promise<void> {
    const clientAuthority = this.pool.clientAuthority().certFile;
    const places = cases.map((of) => {
      const port = takeOwnPort();
      return { of, port, listen: `${OWN_ADDRESS}:${port}`, pair: this.pool.apiServer(of.kind), clientAuthority };
    });
    const [program = '', ...args] = command(places);
    const running = await startProgram(program, args, places.at(-1)?.port ?? 0, OWN_ADDRESS);
    this.#programs.push(running);
    // Whoever waited for it may have given up meanwhile.
    if (this.#isClosed) await running.stop();
    for (const { of, port } of places) this.#ports.set(of, port);
  }

  /** Starts a program for each case. */
  async startEach(cases: readonly ServerCase[], command: (place: Place) => string[]): Promise<void> {
    const starts = cases.map((of) => this.startOne([of], ([place]) => command(place as Place)));
    // All of them, so that `close` finds each that did start.
    const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  portOf(of: ServerCase): number {
    const port = this.#ports.get(of);
    if (port === undefined) throw new Error('no server was started for this case');
    return port;
  }

  look(of: ServerCase): Promise<Recorded> {
    return record(this.probe, this.pool, this.portOf(of));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.probe.close();
    await Promise.all(this.#programs.splice(0).map((program) => program.stop()));
    this.pool.remove();
  }
}
