import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Dial } from './dial.ts';

/** What a host does with a connection, and the user with it. */
const ENDS = {
  refused: ['connection-refused'],
  'answers, and is reset': ['connected', 'HELLO', 'ended'],
  'answers, and is closed': ['connected', 'HELLO', 'ended'],
  'is silent, and is reset': ['connected', 'ended'],
  'is silent with unsent bytes, and is reset': ['connected', 'ended'],
  'is taken back before it stands': ['ended'],
  'says FIN at once': ['connected', 'closed'],
  'says FIN, and is reset as soon as it can be': ['connected', 'ended'],
  'resets at the first bytes': ['connected', 'reset'],
  'answers and says FIN': ['connected', 'HELLO', 'closed'],
} as const;
type Kind = keyof typeof ENDS;
const KINDS = Object.keys(ENDS) as Kind[];

const servers = new Map<Kind, Server>();
const open = new Set<Socket>();

function serve(kind: Kind, socket: Socket): void {
  open.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => open.delete(socket));
  if (kind.includes('silent')) socket.pause();
  else if (kind.startsWith('says FIN')) socket.end();
  else if (kind.startsWith('resets')) socket.once('data', () => socket.resetAndDestroy());
  else if (kind.startsWith('answers')) {
    socket.once('data', () => (kind.endsWith('FIN') ? socket.end('HELLO') : socket.write('HELLO')));
  }
}

beforeAll(async () => {
  for (const kind of KINDS) {
    const server = createServer((socket) => serve(kind, socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.set(kind, server);
  }
  const refusing = servers.get('refused');
  refusing?.close();
  if (refusing !== undefined) await once(refusing, 'close');
}, 10_000);

const ports = new Map<Kind, number>();
beforeAll(() => {
  for (const [kind, server] of servers) {
    const address = server.address() as AddressInfo | null;
    if (address !== null) ports.set(kind, address.port);
  }
});

afterAll(async () => {
  for (const socket of open) socket.destroy();
  for (const [kind, server] of servers) if (kind !== 'refused') await new Promise((done) => server.close(done));
});

/** Nothing listens on it, for we did a moment ago. */
let refusedPort = 0;
beforeAll(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  refusedPort = (server.address() as AddressInfo).port;
  await new Promise((done) => server.close(done));
});

function dial(kind: Kind): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const told: string[] = [];
    const end = () => (kind.endsWith('is closed') ? dialled.close() : dialled.reset());
    const dialled = new Dial(
      { address: '127.0.0.1', port: ports.get(kind) ?? refusedPort },
      {
        connected() {
          told.push('connected');
          dialled.write(Buffer.alloc(kind.includes('unsent') ? 16 * 1024 * 1024 : 100));
          if (kind.includes('silent')) end();
          // FIN is read in this turn of the loop; its own closing has then begun and not ended.
          if (kind.endsWith('as it can be')) setImmediate(end);
        },
        received(chunk) {
          told.push(chunk.toString('latin1'));
          if (kind.includes('and is')) end();
        },
        closed(failure) {
          told.push(failure ?? 'ended');
          resolve(told);
        },
        troubled: reject,
      },
    );
    if (kind.startsWith('is taken back')) dialled.reset();
  });
}

it('whatever came of the connections before it, a connection tells of its own host and of no other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...KINDS), { minLength: 20, maxLength: 20 }), async (kinds) => {
      const waiting = [...kinds.entries()];
      const next = async (): Promise<void> => {
        for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
          const [place, kind] = each;
          const told = await dial(kind);
          if (kind.endsWith('as it can be')) {
            expect(['ended', 'closed'], `${place}: ${kind}`).toContain(told.at(-1));
          } else expect(told, `${place}: ${kind}`).toEqual(ENDS[kind]);
        }
      };
      await Promise.all([next(), next(), next()]);
    }),
    { seed: 4, numRuns: 20 },
  );
}, 30_000);
