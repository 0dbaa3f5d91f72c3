import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCommand } from './support/command.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'local-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

type Listener = {
  address: string;
  port: number;
  component: string;
  processes: object[];
  reaches: string;
  isExposed: boolean;
};

function toListeners(stdout: string): Listener[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Listener);
}

/** Other listeners of this machine may have one or the other of them. */
const PORTS = [10_259, 10_257, 10_256, 10_255, 10_249, 2381, 2380, 2379];

async function listenSomewhere(): Promise<{ server: net.Server; port: number }> {
  for (const port of PORTS) {
    const server = net.createServer();
    const isListening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isListening) return { server, port };
  }
  throw new Error(`all of the ports ${PORTS.join(', ')} of 127.0.0.1 are taken`);
}

it.runIf(process.platform === 'linux')(
  'a listener on a port of Kubernetes is told with its address and process',
  async () => {
    const { server, port } = await listenSomewhere();
    const { stdout, stderr } = await runCommand(['local', '--json']);
    server.close();
    expect(stderr).toMatch(/listening ports of Kubernetes: [1-9]/);
    expect(toListeners(stdout).filter((one) => one.address === '127.0.0.1' && one.port === port)).toEqual([
      expect.objectContaining({
        reaches: 'this machine',
        isExposed: false,
        processes: [{ pid: process.pid, name: expect.any(String) }],
      }),
    ]);
    const { stdout: after } = await runCommand(['local', '--json']);
    expect(toListeners(after).filter((one) => one.address === '127.0.0.1' && one.port === port)).toEqual([]);
  },
);

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

function toLine(address: string, port: number, inode: number): string {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return `   0: ${address}:${hex} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0\n`;
}

type Process = { pid: number; comm: string; cmdline?: string; inodes: number[] };

/** The /proc of another machine, as a container has it mounted. */
function layOut(name: string, tcp: readonly string[], processes: readonly Process[]): string {
  const proc = path.join(directory, name);
  mkdirSync(path.join(proc, '1/net'), { recursive: true });
  writeFileSync(path.join(proc, '1/net/tcp'), HEAD + tcp.join(''));
  for (const { pid, comm, cmdline, inodes } of processes) {
    const folder = path.join(proc, String(pid));
    mkdirSync(path.join(folder, 'fd'), { recursive: true });
    writeFileSync(path.join(folder, 'comm'), `${comm}\n`);
    if (cmdline !== undefined) writeFileSync(path.join(folder, 'cmdline'), cmdline);
    for (const inode of inodes) symlinkSync(`socket:[${inode}]`, path.join(folder, 'fd', String(inode)));
    symlinkSync('/dev/null', path.join(folder, 'fd', '0'));
  }
  return proc;
}

const CONTROLLER = {
  pid: 812,
  comm: 'kube-controller',
  cmdline: '/usr/local/bin/kube-controller-manager\0--bind-address=127.0.0.1\0',
  inodes: [11],
};

it('what should not reach beyond the machine ends it with 1, and is told with its remedy', async () => {
  const tcp = [toLine('0100007F', 10_257, 11), toLine('00000000', 10_255, 12), toLine('00000000', 6443, 13)];
  const proc = layOut('exposed', tcp, [CONTROLLER, { pid: 901, comm: 'kubelet', inodes: [12] }]);
  const { code, stdout, stderr } = await runCommand(['local', '--proc', proc]);
  expect(code).toBe(1);
  expect(stdout).toContain(
    'kubelet-read-only        EXPOSED: beyond this machine, on all its addresses  by kubelet (901)',
  );
  expect(stdout).toContain('  close: KubeletConfiguration: readOnlyPort: 0');
  expect(stdout).toContain('this machine only  by kube-controller-manager (812)');
  expect(stderr).toContain('listening ports of Kubernetes: 3; reaching beyond this machine, and should not: 1');
});

it('where everything is as it should be it ends with 0', async () => {
  const proc = layOut('closed', [toLine('0100007F', 10_257, 11), toLine('00000000', 6443, 13)], [CONTROLLER]);
  const { code, stdout, stderr } = await runCommand(['local', '--json', '--proc', proc]);
  expect(code, stderr).toBe(0);
  expect(toListeners(stdout).map(({ component }) => component)).toEqual(['kube-apiserver', 'kube-controller-manager']);
  expect(stderr).not.toContain('cannot be seen');
});

it('processes whose descriptors cannot be read are counted, and their sockets told without a name', async () => {
  const proc = layOut('hidden', [toLine('0100007F', 2379, 14)], []);
  mkdirSync(path.join(proc, '77'));
  writeFileSync(path.join(proc, '77/fd'), ''); // fails as a folder of another user does, for root too
  const { code, stdout, stderr } = await runCommand(['local', '--proc', proc]);
  expect(code).toBe(0);
  expect(stdout).toContain("by another user's process");
  const advice = process.getuid?.() === 0 ? 'give it the right to trace processes (CAP_SYS_PTRACE)' : 'run it as root';
  expect(stderr).toContain(`processes whose sockets cannot be seen: 1; to have them named, ${advice}`);
});

it('a folder that is no /proc is one clear line', async () => {
  const { code, stderr } = await runCommand(['local', '--proc', path.join(directory, 'none')]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/none\/1\/net\/tcp cannot be read .*--proc.*\(LOCAL_UNREADABLE\)\n$/);
});
