import type { Socket } from 'node:net';
import type { Observation } from '@kubecensus/shared/messages';
import type { Component } from '@kubecensus/shared/vocabulary';
import { createProbe, type Probe } from '../../../services/prober/src/probe-target.ts';
import type { PhaseTimeouts } from '../../../services/prober/src/wire/index.ts';
import { readRecording } from './recordings.ts';
import { type ScriptedSession, startScriptedTlsServer } from './scripted-tls.ts';
import { type RunningServer, startTcpServer } from './servers.ts';

/** What a real API server sent: a hostile host begins as one. */
export const goodFlight = readRecording('kube-apiserver-defaults').firstFlight as Buffer;
export const goodAnswer = readRecording('kube-apiserver-defaults').answer ?? '';

/** Deadlines that a test waits for; all others are out of reach, so that a busy machine changes no outcome. */
const BRIEF_MS = 200;
const LONG_MS = 20_000;

/** Hostile hosts and the probes that look at them; `close` ends them all. */
export class HostileHosts {
  readonly #open: { close(): Promise<void> }[] = [];
  readonly #drips = new Set<NodeJS.Timeout>();

  async close(): Promise<void> {
    for (const drip of this.#drips) clearInterval(drip);
    this.#drips.clear();
    for (const each of this.#open.splice(0)) await each.close();
  }

  async keep<Running extends RunningServer>(starting: Promise<Running>): Promise<Running> {
    const server = await starting;
    this.#open.push(server);
    return server;
  }

  startProbe(timeouts: Partial<PhaseTimeouts> = {}): Probe {
    const probe = createProbe({
      operator: { url: 'https://scan.example.org/', name: 'scan.example.org' },
      version: '0.1.0',
      mayConnect: () => true,
      connectTimeoutMs: LONG_MS,
      firstFlightTimeoutMs: LONG_MS,
      answerTimeoutMs: LONG_MS,
      ...timeouts,
    });
    this.#open.push(probe);
    return probe;
  }

  /** A probe that soon gives up on a first flight. */
  briefFlight(): Probe {
    return this.startProbe({ firstFlightTimeoutMs: BRIEF_MS });
  }

  /** A probe that soon gives up on an answer. */
  briefAnswer(): Probe {
    return this.startProbe({ answerTimeoutMs: BRIEF_MS });
  }

  async look(
    starting: Promise<RunningServer>,
    probe: Probe = this.startProbe(),
    component: Component = 'kube-apiserver',
  ): Promise<Observation> {
    const server = await this.keep(starting);
    return probe.probe({ address: '127.0.0.1', port: server.port }, component);
  }

  /** Writes a piece of `bytes` every few milliseconds for as long as the socket lives. */
  drip(socket: Socket, bytes: Buffer, size = 1, everyMs = 5): void {
    let at = 0;
    const timer = setInterval(() => {
      if (socket.destroyed || at >= bytes.length) clearInterval(timer);
      else socket.write(bytes.subarray(at, at + size));
      at += size;
    }, everyMs);
    this.#drips.add(timer);
  }
}

/** A scripted server that sends its Finished, and then what `proceed` says. */
export function afterHandshake(
  proceed: (session: ScriptedSession) => void,
  address = '127.0.0.1',
): Promise<RunningServer> {
  return startScriptedTlsServer({
    flight: goodFlight,
    address,
    proceed: (session) => {
      session.socket.write(session.finished);
      proceed(session);
    },
  });
}

/** Sends application data. */
export function sendData(session: ScriptedSession, text: string | Buffer): void {
  session.socket.write(session.seal(23, text));
}

/** A server that answers the hello with these bytes and falls silent. */
export function answerHello(bytes: string | Buffer): Promise<RunningServer> {
  return startTcpServer((socket) => void socket.once('data', () => socket.write(bytes)));
}
