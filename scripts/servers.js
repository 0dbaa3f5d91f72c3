// The servers that tests start, none of them written here, and how each system's package manager calls them.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names of one program (or, with a slash, places of one file), any of which will do, and its package. */
const SERVERS = [
  { programs: ['redis-server', 'valkey-server'], packages: { 'apt-get': 'redis-server', dnf: 'valkey', apk: 'redis' } },
  { programs: ['nginx'], packages: { 'apt-get': 'nginx-light', dnf: 'nginx', apk: 'nginx' } },
  { programs: ['etcd'], packages: { 'apt-get': 'etcd-server', dnf: 'etcd', apk: 'etcd' } },
  // No server: it drops the packets of a namespace of the test's own.
  { programs: ['nft'], packages: { 'apt-get': 'nftables', dnf: 'nftables', apk: 'nftables' } },
  { programs: ['openssl'], packages: { 'apt-get': 'openssl', dnf: 'openssl', apk: 'openssl' } },
  { programs: ['haproxy'], packages: { 'apt-get': 'haproxy', dnf: 'haproxy', apk: 'haproxy' } },
  { programs: ['stunnel4'], packages: { 'apt-get': 'stunnel4', dnf: 'stunnel', apk: 'stunnel' } },
  {
    programs: ['prometheus-node-exporter'],
    packages: { 'apt-get': 'prometheus-node-exporter', dnf: 'node-exporter', apk: 'prometheus-node-exporter' },
  },
  { programs: ['lighttpd'], packages: { 'apt-get': 'lighttpd', dnf: 'lighttpd', apk: 'lighttpd' } },
  // The TLS libraries that no other server here brings.
  ...['gnutls', 'nss', 'mbedtls', 'wolfssl'].map((library) => ({
    programs: [`/usr/lib/lighttpd/mod_${library}.so`, `/usr/lib64/lighttpd/mod_${library}.so`],
    packages: { 'apt-get': `lighttpd-mod-${library}`, dnf: `lighttpd-mod_${library}`, apk: 'lighttpd' },
  })),
];

/** Other versions of Node, from the package registry, with a lock file of their own: nobody but a test needs them. */
const NODES = fileURLToPath(new URL('../test/servers/nodes/', import.meta.url));
const NODE_NAMES = ['node-16', 'node-24'].map((name) => `${name}-${process.arch}`);

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
  if (program.startsWith('/')) return existsSync(program);
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

function listMissingNodes() {
  return NODE_NAMES.filter((name) => !existsSync(path.join(NODES, 'node_modules', name, 'bin', 'node')));
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

/** Packages by the system's manager: all at once, and one by one where one of them keeps the others from it. */
function installServers(manager, missing) {
  const packages = [...new Set(missing.map((server) => server.packages[manager]))];
  process.stderr.write(`kubecensus: installing ${packages.join(' ')} with ${manager} ...\n`);
  runQuietly(INSTALL[manager](packages));
  const left = new Set(listMissing().map((server) => server.packages[manager]));
  if (left.size > 0 && packages.length > 1) for (const name of left) runQuietly(INSTALL[manager]([name]));
}

function installNodes() {
  process.stderr.write(`kubecensus: installing ${NODE_NAMES.join(' ')} with npm ...\n`);
  const { npm_execpath: npm } = process.env;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, words] = npm?.endsWith('.js') === true ? [process.execPath, [npm, ...args]] : ['npm', args];
  // What npm tells of the run that this is part of would lead it to that package.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)/.test(name)),
  );
  const run = spawnSync(command, words, { cwd: NODES, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (run.status !== 0) process.stderr.write(`${run.error?.message ?? ''}${run.stdout ?? ''}${run.stderr ?? ''}`);
}

/** One line about what is missing and cannot be installed from here, or undefined. */
export function provideServers() {
  const manager = Object.keys(INSTALL).find(isInstalled);
  const missing = listMissing();
  if (missing.length > 0 && manager !== undefined && process.getuid?.() === 0) installServers(manager, missing);
  if (listMissingNodes().length > 0) installNodes();

  const remedies = [];
  const stillMissing = listMissing();
  const names = [...stillMissing.map(({ programs }) => path.basename(programs[0])), ...listMissingNodes()];
  if (names.length === 0) return undefined;
  if (stillMissing.length > 0) {
    const packages = new Set(stillMissing.map((server) => server.packages[manager ?? 'apt-get']));
    remedies.push(`${manager ?? 'apt-get'} install ${[...packages].join(' ')}`);
  }
  if (listMissingNodes().length > 0) remedies.push('npm ci in test/servers/nodes');
  return `the tests start servers that are missing (${names.join(', ')}); install them (${remedies.join('; ')}), then try again`;
}
