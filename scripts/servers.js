// The servers that tests start, none of them written here, and how each system's package manager calls them.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Names of one program, any of which will do, and its package. */
const SERVERS = [
  { programs: ['redis-server', 'valkey-server'], packages: { 'apt-get': 'redis-server', dnf: 'valkey', apk: 'redis' } },
  { programs: ['nginx'], packages: { 'apt-get': 'nginx-light', dnf: 'nginx', apk: 'nginx' } },
  { programs: ['etcd'], packages: { 'apt-get': 'etcd-server', dnf: 'etcd', apk: 'etcd' } },
  // No server: it drops the packets of a namespace of the test's own.
  { programs: ['nft'], packages: { 'apt-get': 'nftables', dnf: 'nftables', apk: 'nftables' } },
  { programs: ['openssl'], packages: { 'apt-get': 'openssl', dnf: 'openssl', apk: 'openssl' } },
];

/** Debian starts what it installs unless this says no. It is ours alone: it is made only where there is none. */
const POLICY = '/usr/sbin/policy-rc.d';

const INSTALL = {
  'apt-get': (names) => [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names],
  ],
  dnf: (names) => [['dnf', 'install', '-y', '-q', ...names]],
  apk: (names) => [['apk', 'add', '--quiet', ...names]],
};

function isInstalled(program) {
  // sbin is not on every user's path, and servers live there.
  const places = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  return places.some((place) => {
    try {
      accessSync(path.join(place, program), constants.X_OK);
      return place !== '';
    } catch {
      return false;
    }
  });
}

function listMissing() {
  return SERVERS.filter(({ programs }) => !programs.some(isInstalled));
}

/** Runs the installer with nothing that it installs being started. */
function runQuietly(commands) {
  const ownsPolicy = existsSync('/usr/sbin') && !existsSync(POLICY);
  if (ownsPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    for (const [program, ...args] of commands) {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      const run = spawnSync(program, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      if (run.status !== 0) process.stderr.write(`${run.stdout}${run.stderr}`);
    }
  } finally {
    if (ownsPolicy) rmSync(POLICY, { force: true });
  }
}

/** One line about what is missing and cannot be installed from here, or undefined. */
export function provideServers() {
  const missing = listMissing();
  if (missing.length === 0) return undefined;
  const names = missing.map(({ programs }) => programs[0]).join(', ');
  const manager = Object.keys(INSTALL).find(isInstalled);
  const packages = missing.map((server) => server.packages[manager ?? 'apt-get']);
  if (manager !== undefined && process.getuid?.() === 0) {
    process.stderr.write(`kubecensus: installing ${packages.join(' ')} with ${manager} ...\n`);
    runQuietly(INSTALL[manager](packages));
    if (listMissing().length === 0) return undefined;
  }
  return `the tests start servers that are missing (${names}); install them (${manager ?? 'apt-get'} install ${packages.join(' ')}), then try again`;
}
