import { expect, it } from 'vitest';
import type { ManyServers } from './many-servers.ts';
import { finished, overLibrary, type Recorded } from './recorded.ts';
import { CLIENT_CERTIFICATES, type ServerCase, titleOf } from './server-case.ts';

/** The body, or a matcher of it. */
type Answer = { status?: number; body?: unknown };

function titled(cases: readonly ServerCase[]): (readonly [string, ServerCase])[] {
  return cases.map((of) => [titleOf(of), of]);
}

/** Servers held to what we finish ourselves: certificate, suite, curve, version and answer over one connection. */
export function itIsAskedOverOneConnection(servers: ManyServers, cases: readonly ServerCase[], answer: Answer): void {
  it.each(titled(cases))('is asked over one connection: %s', async (_, of) => {
    expect(await servers.look(of)).toMatchObject(finished(of, answer));
  });
}

/** Servers held to TLS 1.3: certificate, version and answer over the fallback. */
export function itIsAskedOverTheLibrary(servers: ManyServers, cases: readonly ServerCase[], answer: Answer): void {
  it.each(titled(cases))('is asked over the library: %s', async (_, of) => {
    expect(await servers.look(of)).toMatchObject(overLibrary(of, answer));
  });
}

export interface AskingServers {
  /** Authorities that they name to a client. */
  named?: number;
  /** What those come to that insist; an alert that says so when absent. */
  required?(of: ServerCase): Partial<Recorded>;
}

/** Servers that ask for a client certificate and get none: those that insist are told from those that do not. */
export function itTellsAskedFromRequired(
  servers: ManyServers,
  answer: Answer,
  { named = 1, required }: AskingServers = {},
): void {
  it.each(titled(CLIENT_CERTIFICATES))('is told from one that lets anyone in: %s', async (_, of) => {
    const recorded = await servers.look(of);
    const shown =
      of.version === 'tls12'
        ? { ...finished(of, {}), clientCertificate: `asked, ${named} named` }
        : overLibrary(of, {});
    if (of.clientCertificate === 'asked') {
      expect(recorded).toMatchObject({ ...shown, ...answer });
      return;
    }
    // Behind TLS 1.3 the handshake is over before the server can say so, and its close may overtake its alert.
    const said = of.version === 'tls13' ? /^present: (client-certificate-required|closed)$/ : /required$/;
    const insisting = { ...shown, outcome: expect.stringMatching(said), ...required?.(of) };
    expect(recorded).toMatchObject(insisting);
    expect(recorded.status).not.toBe(answer.status);
  });
}
