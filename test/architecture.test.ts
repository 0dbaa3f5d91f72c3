import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

type Import = { file: string; from: string };

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/(^|\/)(node_modules|dist)\//.test(name))
    .map((name) => path.join(folder, name));
}

function text(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

const files = [...sources('shared/src'), ...sources('services')].filter((file) => file.includes('/src/'));
const imports: Import[] = files.flatMap((file) =>
  [...text(file).matchAll(/\bfrom\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|\bimport\s+'([^']+)'/g)].map((match) => ({
    file,
    from: match[1] ?? match[2] ?? match[3] ?? '',
  })),
);

/** Imports of `file` that break the rule, one readable line each. */
function offences(rule: (entry: Import) => boolean): string[] {
  return imports.filter(rule).map(({ file, from }) => `${file} imports ${from}`);
}

it('the house has files, and they import one another', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(imports.length).toBeGreaterThan(100);
});

it('shared imports no service', () => {
  expect(
    offences(({ file, from }) => file.startsWith('shared/') && /^(kubecensus|@kubecensus\/(?!shared\/))/.test(from)),
  ).toEqual([]);
});

it('a service imports no other service; the command line alone composes them', () => {
  const foreign = ({ file, from }: Import) =>
    file.startsWith('services/') &&
    !file.startsWith('services/cli/') &&
    /^(kubecensus$|@kubecensus\/(?!shared\/))/.test(from);
  expect(offences(foreign)).toEqual([]);
});

it('no import leaves its own workspace by a relative path', () => {
  const leaves = ({ file, from }: Import) => {
    if (!from.startsWith('.')) return false;
    const workspace = file
      .split('/')
      .slice(0, file.startsWith('shared/') ? 2 : 3)
      .join('/');
    return !path.join(path.dirname(file), from).startsWith(`${workspace}/`);
  };
  expect(offences(leaves)).toEqual([]);
});

it('only the wire and the lab open sockets', () => {
  const sockets = /^(node:)?(net|tls|dgram|http|https|http2|undici)$/;
  // node:net also carries isIP and BlockList, which open nothing: they are taken by name.
  const opens = ({ file, from }: Import) =>
    sockets.test(from) &&
    !/^services\/(prober\/src\/(wire|fallback)|lab|api|web)\//.test(file) &&
    !/import\s+\{\s*(isIP|isIPv4|isIPv6|,|\s)+\}\s+from\s+'node:net'/.test(text(file));
  expect(offences(opens).filter((line) => !line.startsWith('shared/src/database/'))).toEqual([]);
});

it('the environment is read in config alone', () => {
  const readers = files.filter((file) => text(file).includes('process.env') && !/(^|\/)config(\/|\.ts$)/.test(file));
  expect(readers).toEqual([]);
});

it('SQL stands only in migrations, store, queries, the database and the history room', () => {
  const sql = /`\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s/;
  const strays = files.filter((file) => sql.test(text(file)) && !/\/(store|queries|database|history)\//.test(file));
  expect(strays).toEqual([]);
});

it('the extension files import their definition, the vocabulary and nothing that does work', () => {
  const extension =
    /^services\/(prober\/src\/components|indexer\/src\/distributions|seeder\/src\/sources)\/(?!define-|index\.ts)/;
  const works =
    /shared\/(database|queue|config|log|lifecycle)|^node:(fs|net|tls|child_process|worker_threads)|^(pg|bullmq|ioredis)$/;
  expect(offences(({ file, from }) => extension.test(file) && works.test(from))).toEqual([]);
});

it('the drawing is the same in the README, in the flow document and beside the messages', () => {
  const drawing = (file: string) => {
    const lines = text(file)
      .split('\n')
      .map((line) => line.replace(/^ \* ?/, ''));
    const at = lines.findIndex((line) => line.includes('[seeder] --probe-->'));
    return lines.slice(at - 2, at + 3).map((line) => line.trim().replace(/\s+/g, ' '));
  };
  expect(drawing('README.md')).toEqual(drawing('shared/src/messages/index.ts'));
  expect(drawing('docs/flow.md')).toEqual(drawing('shared/src/messages/index.ts'));
});

it('every file keeps to one subject: none is longer than 350 lines', () => {
  const long = files
    .map((file) => `${file} (${text(file).split('\n').length})`)
    .filter((line) => Number(/\((\d+)\)/.exec(line)?.[1]) > 351);
  expect(long).toEqual([]);
});

it('entry points only wire up: none is longer than 30 lines', () => {
  const entries = files.filter((file) => /^services\/[^/]+\/src\/main\.ts$/.test(file));
  expect(entries.filter((file) => text(file).split('\n').length > 31)).toEqual([]);
});

it('no directory is made by the recursive mkdir of Node, which never comes back from under /proc', () => {
  const makers = files.filter((file) => /\bmkdir(Sync)?\([^;]*recursive: true/.test(text(file)));
  expect(makers).toEqual([]);
});

it('no file has a name that says nothing', () => {
  const empty = files.filter((file) => /\/(utils?|helpers?|common|lib|types|manager|misc)(\.ts|\/)/.test(file));
  expect(empty).toEqual([]);
});

it('every dependency has its line in docs/dependencies.md', () => {
  const workspaces = [
    '.',
    'shared',
    'test/bench',
    ...readdirSync(path.join(root, 'services')).map((name) => `services/${name}`),
  ];
  const names = workspaces.flatMap((workspace) => {
    const manifest = JSON.parse(text(path.join(workspace, 'package.json'))) as Record<string, Record<string, string>>;
    return [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})];
  });
  const explained = text('docs/dependencies.md');
  const silent = names.filter(
    (name) => !/^(kubecensus$|@(kubecensus|types)\/)/.test(name) && !explained.includes(name),
  );
  expect([...new Set(silent)]).toEqual([]);
});
