import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DISTRIBUTIONS } from './index.ts';

const files = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => name.slice(0, -'.ts'.length))
  .filter((name) => name !== 'index' && name !== 'define-distribution')
  .sort();

/** The index as it must be: this test writes it when run with -u, and fails where it and the folder differ. */
function renderIndex(): string {
  const imports = [...files, 'define-distribution']
    .sort()
    .map((name) =>
      name === 'define-distribution'
        ? "import type { Distribution } from './define-distribution.ts';"
        : `import { ${toExportName(name)} } from './${name}.ts';`,
    );
  return [
    '// Generated from the files of this folder: npx vitest run services/indexer/src/distributions -u',
    '',
    ...imports,
    '',
    '/** Every distribution that the census can tell, or says why it cannot. */',
    'export const DISTRIBUTIONS: readonly Distribution[] = [',
    ...files.map((name) => `  ${toExportName(name)},`),
    '];',
    '',
  ].join('\n');
}

function toExportName(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

it('the index lists every file of the folder', async () => {
  await expect(renderIndex()).toMatchFileSnapshot('./index.ts');
});

it('a distribution is named for its file', () => {
  expect(DISTRIBUTIONS.map(({ name }) => name).sort()).toEqual(files);
});

it('a distribution is built on declared ones, never on itself', () => {
  const names = new Set(files);
  for (const { name, builtOn = [] } of DISTRIBUTIONS) {
    for (const ground of builtOn) {
      expect(names.has(ground), `${name} is built on ${ground}`).toBe(true);
      expect(ground).not.toBe(name);
    }
  }
});
