import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLint } from '../eslint.rules.js';

const DEPENDENCIES = 'boundaries/dependencies';

/** One source line, the file it stands in, and the rule that must report it (null: the file is clean). */
interface Case {
  name: string;
  path: string;
  code: string;
  rule: string | null;
}

/** What the cases import; each exports `x`. */
const TARGETS = [
  'src/engine/cube/testCube.ts',
  'src/engine/cube/y.test.ts',
  'src/engine/engine.ts',
  'src/engine/worker.ts',
  'src/engine/api/app.ts',
  'src/engine/shelf/x.ts',
  'src/hosts/workerUrl.ts',
  'src/hosts/serve/x.ts',
  'src/hosts/cli/x.ts',
  'electron/x.ts',
  'renderer/app/x.ts',
  'renderer/ui/x.ts',
  'renderer/features/cube/x.ts',
  'renderer/features/regions/x.ts',
];

const importOf = (path: string) => `import { x } from '${path}';\nexport const used = x;\n`;
const typeImportOf = (path: string) => `import type { X } from '${path}';\nexport const used: X = 1;\n`;

const manifestOf = (to: string) =>
  `import m from '${to}' with { type: 'json' };\nexport const used = m.name;\n`;

/** From-path, import and verdict of one import, as a case. */
function imports(from: string, to: string, allowed: boolean, code = importOf): Case {
  const kind = code === typeImportOf ? 'types of ' : '';
  return {
    name: `${from} ${allowed ? 'may' : 'may not'} import ${kind}${to}`,
    path: from,
    code: code(to),
    rule: allowed ? null : DEPENDENCIES,
  };
}

const CASES: Case[] = [
  imports('src/engine/cube/a.ts', '../io/x.ts', true),
  imports('src/engine/cube/deep/a.ts', '../x.ts', true),
  imports('src/engine/io/a.ts', '../cube/x.ts', false),
  imports('src/engine/io/b.ts', '../cube/x.ts', false, typeImportOf),
  imports('src/engine/io/c.ts', '../cube/x.ts', false, (to) => `export { x } from '${to}';\n`),
  imports(
    'src/engine/io/d.ts',
    '../cube/x.ts',
    false,
    (to) => `export const load = () => import('${to}');\n`,
  ),
  imports('src/engine/base/a.ts', '../kernels/x.ts', false),
  imports('src/engine/base/version.ts', '../../../package.json', true, manifestOf),
  imports('src/engine/cube/version.ts', '../../../package.json', false, manifestOf),
  imports('src/engine/spectral/a.ts', '../kernels/x.ts', true),
  imports('src/engine/kernels/a.ts', '../spectral/x.ts', false),
  imports('src/engine/workers/a.ts', '../jobs/x.ts', false),
  imports('src/engine/attention/a.ts', '../calibration/x.ts', false),
  imports('src/engine/attention/b.ts', '../tensorflow/x.ts', true),
  imports('src/engine/workspace/a.ts', '../gaussian/x.ts', true),
  imports('src/engine/workspace/b.ts', '../api/x.ts', false),
  imports('src/engine/api/a.ts', '../workspace/x.ts', true),
  imports('src/engine/api/b.ts', '../engine.ts', false),
  imports('src/engine/api/c.ts', '../shelf/x.ts', false),
  imports('src/engine/cube/testMore.ts', './testCube.ts', true),
  imports('src/engine/cube/a.test.ts', './testCube.ts', true),
  imports('src/engine/cube/b.test.ts', '../products/x.ts', false),
  imports('src/engine/products/a.ts', '../cube/testCube.ts', false),
  imports('src/engine/products/a.test.ts', '../cube/y.test.ts', false),
  imports('src/hosts/cli/a.ts', '../../engine/engine.ts', true),
  imports('src/hosts/cli/b.ts', '../serve/x.ts', true),
  imports('src/hosts/cli/c.ts', '../workerUrl.ts', true),
  imports('src/hosts/cli/d.ts', '../../engine/cube/x.ts', false),
  imports('src/hosts/cli/e.ts', '../../engine/cube/x.ts', false, typeImportOf),
  imports('src/hosts/serve/a.ts', '../cli/x.ts', false),
  imports('electron/a.ts', '../src/engine/engine.ts', true),
  imports('electron/b.ts', '../src/engine/api/x.ts', false),
  imports('electron/c.ts', '../src/hosts/serve/x.ts', false),
  {
    name: 'only electron/ipc.ts takes calls of the window',
    path: 'electron/d.ts',
    code: "import { ipcMain } from 'electron';\nexport const used = ipcMain;\n",
    rule: '@typescript-eslint/no-restricted-imports',
  },
  {
    name: 'electron/ipc.ts takes calls of the window',
    path: 'electron/ipc.ts',
    code: "import { ipcMain } from 'electron';\nexport const used: unknown = ipcMain;\n",
    rule: null,
  },
  imports('renderer/ui/a.ts', '../../src/engine/api/app.ts', true, typeImportOf),
  imports('renderer/ui/b.ts', '../../src/engine/api/app.ts', false),
  imports('renderer/ui/f.ts', '../../src/engine/api/x.ts', false, typeImportOf),
  imports('renderer/ui/g.ts', '../../src/engine/contract/x.ts', true),
  imports('src/engine/contract/a.ts', '../base/x.ts', true, typeImportOf),
  imports('src/engine/contract/b.ts', '../base/x.ts', false),
  imports('src/engine/contract/c.ts', '../spectral/x.ts', false, typeImportOf),
  imports('src/engine/base/contract.ts', '../contract/x.ts', false, typeImportOf),
  imports('src/hosts/cli/contract.ts', '../../engine/contract/x.ts', true),
  imports('src/hosts/cli/api.ts', '../../engine/api/app.ts', false, typeImportOf),
  imports('renderer/ui/c.ts', '../../src/engine/cube/x.ts', false, typeImportOf),
  imports('renderer/ui/d.ts', 'node:fs', false, () => `import fs from 'node:fs';\nexport const used = fs;\n`),
  imports('renderer/ui/e.ts', '../features/cube/x.ts', false),
  imports('renderer/features/cube/a.ts', '../../ui/x.ts', true),
  imports('renderer/features/cube/b.ts', './x.ts', true),
  imports('renderer/features/cube/c.ts', '../regions/x.ts', false),
  imports('renderer/app/a.ts', '../features/cube/x.ts', true),
  imports('tests/a.test.ts', '../src/engine/cube/x.ts', true),
  imports('bench/a.ts', '../src/engine/products/x.ts', true),
  imports('scripts/a.ts', '../src/engine/cube/testCube.ts', true),
  imports('src/engine/engine.test.ts', './engine.ts', true),
  imports('src/engine/cube/threads.ts', 'node:worker_threads', false, (to) => `import '${to}';\n`),
  imports('src/engine/workers/threads.ts', 'node:worker_threads', true, (to) => `import '${to}';\n`),
  {
    name: 'engine.ts joins every folder',
    path: 'src/engine/engine.ts',
    code: `${importOf('./api/x.ts')}export const x = 1;\nexport type X = number;\n`,
    rule: null,
  },
  {
    name: 'worker.ts does not import the API',
    path: 'src/engine/worker.ts',
    code: `${importOf('./api/x.ts')}export const x = 1;\n`,
    rule: DEPENDENCIES,
  },
  {
    name: 'a folder that the design does not name',
    path: 'src/engine/shelf/x.ts',
    code: 'export const x = 1;\n',
    rule: 'boundaries/no-unknown-files',
  },
  {
    name: '`any`',
    path: 'src/engine/base/any.ts',
    code: 'export const x: any = 1;\n',
    rule: '@typescript-eslint/no-explicit-any',
  },
  {
    name: 'a comment that postpones work',
    path: 'src/engine/base/later.ts',
    code: `// ${'TO'}${'DO'}: later\nexport const x = 1;\n`,
    rule: 'no-warning-comments',
  },
  {
    name: 'a comment that switches a rule off',
    path: 'src/engine/base/off.ts',
    code: `// ${'eslint'}-disable-next-line no-var\nexport var x = 1;\n`,
    rule: 'no-warning-comments',
  },
  {
    name: 'console in the engine',
    path: 'src/engine/base/print.ts',
    code: `console.log('x');\n`,
    rule: 'no-console',
  },
  {
    name: 'process.exit in the engine',
    path: 'src/engine/base/exit.ts',
    code: 'process.exit(1);\n',
    rule: 'no-restricted-properties',
  },
  {
    name: 'synchronous calls of the file system on the engine thread',
    path: 'src/engine/exports/sync.ts',
    code: `import { statSync } from 'node:fs';\nexport const x = statSync('x').size;\n`,
    rule: '@typescript-eslint/no-restricted-imports',
  },
  {
    name: 'synchronous calls of the file system in what runs in workers only',
    path: 'src/engine/io/partWriter.ts',
    code: `import { statSync } from 'node:fs';\nexport const x = statSync('x').size;\n`,
    rule: null,
  },
  {
    name: 'console and process.exit in a host',
    path: 'src/hosts/cli/print.ts',
    code: `console.log('x');\nprocess.exit(1);\n`,
    rule: null,
  },
  {
    name: 'a promise that nobody awaits',
    path: 'src/engine/base/floating.ts',
    code: `async function f() {\n  await Promise.resolve();\n}\nf();\n`,
    rule: '@typescript-eslint/no-floating-promises',
  },
  {
    name: 'a switch that leaves a member of a union out',
    path: 'src/engine/base/switch.ts',
    code: `export function f(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n`,
    rule: '@typescript-eslint/switch-exhaustiveness-check',
  },
  {
    name: 'a type imported as a value',
    path: 'src/engine/base/typeAsValue.ts',
    code: `import { X } from './x.ts';\nexport const x: X = 1;\n`,
    rule: '@typescript-eslint/consistent-type-imports',
  },
];

/** The design's order, written out a second time: each folder with its height. */
const HEIGHT: Record<string, number> = {
  base: 0,
  contract: 0,
  kernels: 1,
  spectral: 2,
  workers: 3,
  jobs: 3,
  io: 4,
  cube: 5,
  products: 6,
  regions: 7,
  exports: 8,
  tensorflow: 9,
  photos: 9,
  attention: 10,
  calibration: 10,
  gaussian: 10,
  learning: 10,
  workspace: 11,
  api: 12,
};

const PAIRS = Object.entries(HEIGHT).flatMap(([from, height]) =>
  Object.entries(HEIGHT)
    .filter(([to]) => to !== from)
    .map(([to, other]) => ({
      path: `src/engine/${from}/from-${to}.ts`,
      code: importOf(`../${to}/x.ts`),
      lower: other < height,
    })),
);

const repository = dirname(import.meta.dirname);
const root = realpathSync(mkdtempSync(join(tmpdir(), 'cubelens-lint-')));
const rulesOf = new Map<string, string[]>();

function write(path: string, text: string) {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}

// The rules with types need files that exist in a TypeScript project: a small tree laid out like the real one.
beforeAll(async () => {
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  write(
    'tsconfig.json',
    JSON.stringify({
      extends: join(repository, 'tsconfig.base.json'),
      compilerOptions: { lib: ['ES2024'], types: ['node'] },
      include: ['**/*.ts'],
    }),
  );
  const engineTargets = Object.keys(HEIGHT).map((folder) => `src/engine/${folder}/x.ts`);
  write('package.json', '{ "name": "tree", "type": "module" }');
  for (const path of [...engineTargets, ...TARGETS])
    write(path, 'export const x = 1;\nexport type X = number;\n');
  for (const { path, code } of [...CASES, ...PAIRS]) write(path, code);
  const eslint = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: createLint(root) });
  for (const result of await eslint.lintFiles(['**/*.ts'])) {
    const path = result.filePath.slice(root.length + 1).replaceAll('\\', '/');
    rulesOf.set(
      path,
      result.messages.map(({ ruleId, message }) => ruleId ?? message),
    );
  }
}, 180_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each(CASES)('$name', ({ path, rule }) => {
  expect(rulesOf.get(path)).toEqual(rule === null ? [] : expect.arrayContaining([rule]));
});

test('of every two engine folders only the higher one imports the other', () => {
  const reported = PAIRS.filter(({ path }) => rulesOf.get(path)?.includes(DEPENDENCIES));
  expect(PAIRS).toHaveLength(19 * 18);
  expect(reported.map(({ path }) => path)).toEqual(
    PAIRS.filter(({ lower }) => !lower).map(({ path }) => path),
  );
});
