// Makes a fresh clone ready: Node's version, dependencies, build. Says and does nothing where nothing is to be done.
// Plain JavaScript on Node's own modules, because it runs before there is anything else.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BUILT = path.join(ROOT, 'node_modules', '.kubecensus-built');

function fail(line, exitCode = 1) {
  process.stderr.write(`kubecensus: ${line}\n`);
  process.exit(exitCode);
}

function readJson(...parts) {
  return JSON.parse(readFileSync(path.join(ROOT, ...parts), 'utf8'));
}

function checkNode() {
  const wanted = readJson('package.json').engines.node.replace(/^>=/, '');
  const isOlder = process.versions.node.localeCompare(wanted, 'en', { numeric: true }) < 0;
  if (isOlder) fail(`Node ${process.versions.node} is too old; install Node ${wanted} or later (https://nodejs.org)`);
}

/** What is wrong with node_modules, or undefined. npm keeps beside the packages a lock file of what it really put there. */
function findWrongPackage() {
  const installedFile = path.join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'node_modules is missing';
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  for (const [place, wanted] of Object.entries(readJson('package-lock.json').packages)) {
    if (!place.includes('node_modules/')) continue;
    const there = existsSync(path.join(ROOT, place));
    if (wanted.link === true) {
      if (!there) return `${place} is missing`;
    } else if (installed[place] === undefined || !there) {
      // npm leaves out the binaries of other platforms.
      if (wanted.optional !== true) return `${place} is missing`;
    } else if (installed[place].version !== wanted.version) return `${place} is another version`;
  }
  return undefined;
}

function install(reason) {
  process.stderr.write(`kubecensus: installing dependencies (npm ci: ${reason}) ...\n`);
  // npm names itself to what it runs; without it the one on the path does.
  const { npm_execpath: npm } = process.env;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const run =
    npm?.endsWith('.js') === true
      ? spawnSync(process.execPath, [npm, ...args], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
      : spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (run.error) fail(`npm does not start (${run.error.message}); install npm, then try again`);
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout}${run.stderr}`);
    fail('npm ci failed (its words are above); see that the package registry can be reached, then try again');
  }
}

function listWorkspaces() {
  const services = readdirSync(path.join(ROOT, 'services')).map((name) => path.join('services', name));
  return ['shared', ...services, path.join('test', 'bench')].filter((workspace) =>
    existsSync(path.join(ROOT, workspace, 'tsconfig.json')),
  );
}

/** Changes when a source is added, removed or written; tests are not built. */
function digestSources(workspaces) {
  const digest = createHash('sha256');
  const files = ['tsconfig.json', 'tsconfig.base.json', 'package-lock.json'];
  for (const workspace of workspaces) {
    files.push(path.join(workspace, 'package.json'), path.join(workspace, 'tsconfig.json'));
    for (const entry of readdirSync(path.join(ROOT, workspace, 'src'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || /\.(test|bench)\.ts$/.test(entry.name)) continue;
      files.push(path.relative(ROOT, path.join(entry.parentPath, entry.name)));
    }
  }
  for (const file of files.sort()) {
    const { size, mtimeMs } = statSync(path.join(ROOT, file));
    digest.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return digest.digest('hex');
}

function build() {
  const workspaces = listWorkspaces();
  const digest = digestSources(workspaces);
  const isBuilt = workspaces.every((workspace) => existsSync(path.join(ROOT, workspace, 'dist')));
  if (isBuilt && existsSync(BUILT) && readFileSync(BUILT, 'utf8') === digest) return;
  process.stderr.write('kubecensus: building ...\n');
  const run = spawnSync(
    process.execPath,
    [path.join(ROOT, 'scripts', 'turbo.js'), 'run', 'build', '--output-logs=errors-only'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  if (run.status !== 0) {
    process.stderr.write(`${run.stdout}${run.stderr}`);
    fail('the build failed; its words are above');
  }
  mkdirSync(path.dirname(BUILT), { recursive: true });
  writeFileSync(BUILT, digest);
}

checkNode();
const wrong = findWrongPackage();
if (wrong !== undefined) install(wrong);
build();
