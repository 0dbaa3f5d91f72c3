import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { LabError } from './lab-error.ts';
import { spawnLab } from './spawn-lab.ts';

// The child runs the build, and this test is of the sources as they stand.
beforeAll(() => {
  const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
  execFileSync(process.execPath, [tsc, '-b', fileURLToPath(new URL('..', import.meta.url))]);
});

it('a lab in a child process tells its targets and truth, moves by weeks and ends with its parent’s word', async () => {
  const lab = await spawnLab({ hosts: 60, seed: 3, portShift: true });
  try {
    expect(lab.targets.ports).toContain(10_443);
    const first = await lab.truth(1);
    expect(first.length).toBe(60);
    await lab.setWeek(2);
    const second = await lab.truth(2);
    expect(second.every(({ week }) => week === 2)).toBe(true);
    expect(await lab.recorded()).toEqual([]);
    await expect(lab.truth(0)).rejects.toThrow('a lab has weeks 1 to 104, not 0');
  } finally {
    await lab.close();
    await lab.close();
  }
  expect(() => process.kill(lab.pid, 0)).toThrow('ESRCH');
});

it('what keeps a lab from starting is said by the parent’s call', async () => {
  const refused = await spawnLab({ hosts: 10, seed: 1, network: '10.0.0.0' }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LabError);
  expect(refused).toMatchObject({ code: 'LAB_NETWORK_INVALID' });
});

it('two labs of one seed run beside one another on different addresses', async () => {
  const labs = await Promise.all([spawnLab({ hosts: 12, seed: 8 }), spawnLab({ hosts: 12, seed: 8 })]);
  expect(labs[0].targets.ranges).not.toEqual(labs[1].targets.ranges);
  await Promise.all(labs.map((lab) => lab.close()));
});

it('a lab ends when its parent is killed', async () => {
  const index = new URL('../dist/index.js', import.meta.url).href;
  const program = `
    const { spawnLab } = await import(${JSON.stringify(index)});
    const lab = await spawnLab({ hosts: 12, seed: 5 });
    const [{ address, port }] = await lab.truth(1);
    console.log(JSON.stringify({ address, port }));`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const { address, port } = JSON.parse(line.toString()) as { address: string; port: number };
  const held = net.connect({ host: address, port });
  await once(held, 'connect');
  // A socket that nobody reads never learns that the other end is gone.
  held.resume();
  parent.kill('SIGKILL');
  held.on('error', () => undefined);
  await once(held, 'close');
});
