// Runs in a network namespace of its own, where nothing but its loopback is: drops packets there at random, and scans.
import { execFileSync } from 'node:child_process';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { createEngine } from '../../services/prober/src/probing/engine.ts';
import { AddressSet, AddressSetBuilder, addressSetToBytes, Scope } from '../../shared/src/addresses/index.ts';
import type { ShardSummary } from '../../shared/src/messages/index.ts';

const percent = Number(process.argv[2]);
const targets = Number(process.argv[3]);

// A namespace that was just made has nothing that is up. Anywhere else these rules would hurt others.
if (Object.keys(networkInterfaces()).length > 0) throw new Error('not in a network namespace of its own');
const run = (program: string, ...words: string[]) => execFileSync(program, words, { stdio: 'inherit' });
run('ip', 'link', 'set', 'lo', 'up');
run('nft', 'add table inet lossy');
run('nft', 'add chain inet lossy output { type filter hook output priority 0; }');
// On loopback each packet, of whatever direction, passes the output hook once.
run('nft', `add rule inet lossy output meta l4proto tcp numgen random mod 100 < ${percent} drop`);

// The queue of what is not accepted yet must not drop anything of its own.
const server = net.createServer((socket) => {
  socket.on('error', () => undefined);
  socket.destroy();
});
await new Promise<void>((resolve) => server.listen({ host: '0.0.0.0', port: 0, backlog: 4096 }, resolve));
const { port } = server.address() as net.AddressInfo;

const addresses = new AddressSetBuilder().addIpv4(0x7f10_0000, 0x7f10_0000 + targets - 1).build();
const summary = await new Promise<ShardSummary>((resolve, reject) => {
  const engine = createEngine({
    concurrency: 2000,
    post: (message) => {
      if (message.kind === 'finished') {
        clearInterval(confirming);
        engine.take({ kind: 'close' });
        resolve(message.summary);
      } else if (message.kind === 'failed') reject(new Error(message.reason));
    },
  });
  engine.take({ kind: 'gate', exclusions: addressSetToBytes(AddressSet.EMPTY) });
  const confirming = setInterval(() => engine.take({ kind: 'gate' }), 1000);
  const scope = Scope.of([{ ports: [port], addresses }]).toBytes();
  const operator = { url: 'urn:kubecensus:lab', name: 'lab' };
  engine.take({
    kind: 'open-scan',
    scan: { scanId: '1', scope, permutationKey: Buffer.alloc(32), operator, version: '0.1.0', thorough: false },
  });
  engine.take({ kind: 'rate', scanId: '1', perSecond: 500, forMs: 3_600_000, prefixPerSecond: undefined });
  engine.take({
    kind: 'run',
    order: {
      run: 1,
      scanId: '1',
      targets: { startInclusive: 0, endExclusive: targets },
      canaries: [],
      isRepeat: false,
      recordsAll: false,
    },
  });
});
server.close();
process.send?.(summary, () => process.disconnect());
