import type { Socket } from 'node:net';
import { evilKind } from '../evil/index.ts';
import { type Answers, answerRequests } from './http-answers.ts';
import type { LearnedNames } from './learned-names.ts';
import type { ArrivalWriter } from './recorder.ts';
import type { ServerSpecification, TlsSpecification } from './server-specification.ts';
import type { TlsContexts } from './tls-contexts.ts';
import { serveTls, toAlert, withFirstBytes } from './tls-server.ts';

/** What a listening host does with one connection. */
export type Behaviour = (socket: Socket, arrival: ArrivalWriter | null) => void;

export interface BehaviourTools {
  contexts: TlsContexts;
  learned: LearnedNames;
}

const UNRECOGNIZED_NAME = 112;
const HANDSHAKE_FAILURE = 40;

export function createBehaviour(server: ServerSpecification, tools: BehaviourTools): Behaviour {
  switch (server.kind) {
    case 'api-server':
      return apiServer(server, tools);
    case 'component':
      return server.tls === undefined ? plainHttp(server.answers) : otherTls({ ...server, tls: server.tls }, tools);
    case 'other-tls':
      return otherTls(server, tools);
    case 'plain-http':
      return plainHttp([['*', server.answer]]);
    case 'banner':
      return (socket, arrival) => {
        socket.write(server.banner);
        socket.on('data', (bytes: Buffer) => arrival?.request(bytes));
      };
    case 'needs-name':
      return needsName(server, tools);
    case 'silent':
      return (socket, arrival) => {
        socket.on('data', (bytes: Buffer) => arrival?.request(bytes));
      };
    case 'resetting':
      return (socket) => socket.resetAndDestroy();
    case 'evil':
      return evilKind(server.name).behave({ ...tools, tls: server.tls, variant: server.variant });
    case 'timing-out':
      throw new TypeError('a host that times out accepts no connection');
  }
}

function plainHttp(answers: Answers): Behaviour {
  return (socket, arrival) =>
    answerRequests(socket, { answers, auditId: false, onBytes: (bytes) => arrival?.request(bytes) });
}

function apiServer(
  server: Extract<ServerSpecification, { kind: 'api-server' }>,
  { contexts, learned }: BehaviourTools,
): Behaviour {
  const { learnsAs } = server;
  let presented: TlsSpecification = server.tls;
  let presentedVersion = 0;

  /** The certificate with all that was learned so far; the same object while nothing new came. */
  function present(clusterId: string): TlsSpecification {
    const chain = learned.apply(clusterId, server.tls.chain);
    if (learned.version(clusterId) === presentedVersion) return presented;
    presentedVersion = learned.version(clusterId);
    presented = { ...server.tls, chain };
    return presented;
  }

  return (socket, arrival) => {
    if (learnsAs !== undefined) {
      present(learnsAs);
      learned.localAddress(learnsAs, socket.localAddress ?? '127.0.0.1');
    }
    withFirstBytes(socket, arrival, (first) =>
      serveTls(socket, first, {
        tls: server.tls,
        contexts,
        onHello: ({ serverName }) => {
          if (learnsAs === undefined) return server.tls;
          if (serverName !== null) learned.serverName(learnsAs, serverName);
          return present(learnsAs);
        },
        onSecure: (connection) =>
          answerRequests(connection, {
            answers: server.answers,
            auditId: true,
            onBytes: (bytes) => arrival?.request(bytes),
            onRequest: ({ headers }) => {
              if (learnsAs === undefined) return;
              const host = headers.get('host') ?? '';
              learned.request(learnsAs, { host, userAgent: headers.get('user-agent') ?? '' });
            },
          }),
      }),
    );
  };
}

function otherTls(server: { tls: TlsSpecification; answers: Answers }, { contexts }: BehaviourTools): Behaviour {
  return (socket, arrival) =>
    withFirstBytes(socket, arrival, (first) =>
      serveTls(socket, first, {
        tls: server.tls,
        contexts,
        onSecure: (connection) =>
          answerRequests(connection, {
            answers: server.answers,
            auditId: false,
            onBytes: (bytes) => arrival?.request(bytes),
          }),
      }),
    );
}

function needsName(
  server: Extract<ServerSpecification, { kind: 'needs-name' }>,
  { contexts }: BehaviourTools,
): Behaviour {
  return (socket, arrival) =>
    withFirstBytes(socket, arrival, (first) =>
      serveTls(socket, first, {
        tls: server.tls,
        contexts,
        onHello: ({ serverName }) => {
          if (serverName !== null) return server.tls;
          if (server.refusal === 'close') socket.end();
          else socket.end(toAlert(server.refusal === 'alert-112' ? UNRECOGNIZED_NAME : HANDSHAKE_FAILURE));
          return null;
        },
        onSecure: (connection) =>
          answerRequests(connection, {
            answers: [],
            auditId: false,
            onBytes: (bytes) => arrival?.request(bytes),
          }),
      }),
    );
}
