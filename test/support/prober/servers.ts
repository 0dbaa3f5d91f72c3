import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import tls from 'node:tls';

/** A server on 127.0.0.1 that closes with all its connections. */
export interface RunningServer {
  port: number;
  /** Connections accepted so far. */
  connections(): number;
  close(): Promise<void>;
}

/** Listens with `serve` for every raw connection. */
export async function startTcpServer(serve: (socket: Socket) => void, address = '127.0.0.1'): Promise<RunningServer> {
  return run(createServer(serve), address);
}

export const VERSION_BODY = '{"major":"1","minor":"29","gitVersion":"v1.29.3"}';
export const VERSION_ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${VERSION_BODY.length}\r\n\r\n${VERSION_BODY}`;

/** What a client showed and asked for in a finished handshake. */
export interface Secured {
  alpnProtocol: string | false | null;
  hasPeerCertificate: boolean;
}

/** A TLS server by node:tls that gives every request `answer` and keeps what it read. */
export async function startTlsServer(
  options: tls.TlsOptions,
  answer: string = VERSION_ANSWER,
): Promise<RunningServer & { requests: string[]; secured: Secured[] }> {
  const requests: string[] = [];
  const secured: Secured[] = [];
  const server = tls.createServer(options, (socket) => {
    const hasPeerCertificate = socket.getPeerX509Certificate() !== undefined;
    secured.push({ alpnProtocol: socket.alpnProtocol, hasPeerCertificate });
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      requests.push(chunk.toString('latin1'));
      socket.end(answer);
    });
  });
  server.on('tlsClientError', () => {});
  return Object.assign(await run(server), { requests, secured });
}

async function run(server: Server, address = '127.0.0.1'): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port of 127.0.0.1 on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await startTcpServer(() => {});
  await server.close();
  return server.port;
}
