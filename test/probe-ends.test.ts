import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { runCommand, startCommand } from './support/command.ts';

const REFUSED = '127.0.0.2:1\n';

const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
});
afterEach(async () => {
  if (!server.listening) return;
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

it('Ctrl-C ends a probe at once: what is known is written, what is not is taken back and counted', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // One accepts and says nothing, two refuse.
  const { child, ended } = startCommand(['probe', `127.0.0.1:${port}`, '127.0.0.3:1', '127.0.0.2:1']);
  let said = '';
  const isSaid = new Promise<void>((resolve) => {
    child.stdout?.on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > 2) resolve();
    });
  });
  await Promise.all([once(server, 'connection'), isSaid]);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  expect(stderr).toContain('ended early: lines written for 2 targets; left half-way: 1');
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(2);
  expect(stdout).not.toContain('read-timeout');
  expect(code).toBe(3);
});

it('wrong lines of a stream are told, skipped and counted, and the targets around them are looked at', async () => {
  const input = `${REFUSED}nonsense\n10.0.0.1\n127.0.0.3:1\n`;
  const { code, stdout, stderr } = await runCommand(['probe', '-'], { input });
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(2);
  expect(stderr).toMatch(/^kubecensus: skipped standard input line 2: .*\(ADDRESS_HOST_NAME\)$/m);
  expect(stderr).toMatch(/^kubecensus: skipped standard input line 3: .*\(SCAN_PRIVATE_REFUSED\)$/m);
  expect(stderr).toMatch(/^kubecensus: lines skipped: 2$/m);
  expect(code).toBe(3);
});

it('of many wrong lines the first are told and the rest counted', async () => {
  const { code, stderr } = await runCommand(['probe', '-'], { input: `${'nonsense\n'.repeat(1000)}${REFUSED}` });
  expect(stderr.match(/: skipped /g)).toHaveLength(20);
  expect(stderr).toMatch(/^kubecensus: lines skipped: 1000$/m);
  expect(code).toBe(3);
});

it('a stream that is refused in the middle says how many were looked at before', async () => {
  const { child, ended } = startCommand(['probe', '-'], { keepsInputOpen: true });
  child.stdin?.write(REFUSED);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.stdin?.end('8.8.8.8\n');
  const { code, stderr } = await ended;
  expect(stderr).toMatch(/: ended early: lines written for 1 targets\nkubecensus: .*\(SCAN_CONTACT_MISSING\)\n$/);
  expect(code).toBe(2);
});

it('a probe says how fast it goes, and who said so', async () => {
  const pace = async (...args: string[]) => (await runCommand(['probe', ...args, '127.0.0.2:1'])).stderr;
  expect(await pace()).toBe(
    'kubecensus: at most 5,000 connects per second (the default for loopback; --rate sets another)\n',
  );
  expect(await pace('--rate', '7')).toBe('kubecensus: at most 7 connects per second (as asked with --rate)\n');
});
