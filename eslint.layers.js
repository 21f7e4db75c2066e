import { createConfig } from 'eslint-plugin-boundaries/config';

/**
 * The engine's folders from the bottom up. A folder may import every folder of a lower level and nothing else;
 * folders of one level never import each other.
 */
const ENGINE_LEVELS = [
  ['base'],
  ['contract'],
  ['kernels'],
  ['spectral'],
  ['workers', 'jobs'],
  ['io'],
  ['cube'],
  ['products'],
  ['regions'],
  ['exports'],
  ['tensorflow', 'photos'],
  ['attention', 'calibration', 'gaussian', 'learning'],
  ['workspace'],
  ['api'],
];

const ENGINE_FOLDERS = ENGINE_LEVELS.flat();
const RENDERER_SHARED = ['api', 'store', 'gl', 'plots', 'ui'];
const TOOL_FOLDERS = ['scripts', 'bench', 'tests', 'e2e'];

const folders = [
  ...ENGINE_FOLDERS.map((name) => ({ type: name, pattern: `src/engine/${name}` })),
  { type: 'serve', pattern: 'src/hosts/serve' },
  { type: 'cli', pattern: 'src/hosts/cli' },
  { type: 'electron', pattern: 'electron' },
  { type: 'rendererApp', pattern: 'renderer/app' },
  ...RENDERER_SHARED.map((name) => ({ type: 'rendererShared', pattern: `renderer/${name}` })),
  { type: 'feature', pattern: 'renderer/features/*', capture: ['feature'] },
  ...TOOL_FOLDERS.map((name) => ({ type: 'tool', pattern: name })),
];

// A file outside these patterns belongs to no folder of the design and is reported: new folders are declared here.
const files = [
  { category: 'source', pattern: folders.map(({ pattern }) => `${pattern}/**`) },
  { category: 'engine', pattern: 'src/engine/engine.ts' },
  { category: 'workerEntry', pattern: 'src/engine/{worker,tasks}.ts' },
  { category: 'hostShared', pattern: 'src/hosts/*.ts' },
  { category: 'rendererEntry', pattern: 'renderer/*.{ts,tsx}' },
  { category: 'manifest', pattern: 'package.json' },
  { category: 'rootFile', pattern: ['*.{js,cjs,ts}', 'bin/*'] },
  { category: 'testSupport', pattern: '{src,renderer,electron}/**/test*.{ts,tsx}' },
  { category: 'test', pattern: '**/*.test.{ts,tsx}', exclusive: true },
];

/** @param {...string} types */
const element = (...types) => ({ element: { types: { anyOf: types } } });
/** @param {...string} categories */
const file = (...categories) => ({ file: { categories: { anyOf: categories } } });

// Policies are read in order and the last that matches decides.
const policies = [
  { allow: { to: { module: { origin: ['external', 'core'] } } } },

  ...ENGINE_LEVELS.flatMap((level, height) =>
    level.map((name) => ({
      from: element(name),
      allow: { to: element(name, ...ENGINE_LEVELS.slice(0, height).flat()) },
    })),
  ),
  // The contract takes nothing of ours but types of `base`: the window imports it whole.
  { from: element('contract'), disallow: { to: element('base') } },
  { from: element('contract'), allow: { to: element('base'), dependency: { kind: 'type' } } },
  // The version that recipes and `info` state comes from package.json.
  { from: element('base'), allow: { to: file('manifest') } },
  { from: file('engine'), allow: { to: element(...ENGINE_FOLDERS) } },
  {
    from: file('workerEntry'),
    allow: { to: [element(...ENGINE_FOLDERS.filter((name) => name !== 'api')), file('workerEntry')] },
  },

  {
    from: element('serve', 'cli'),
    allow: { to: [file('engine', 'hostShared'), element('serve', 'contract')] },
  },
  { from: element('cli'), allow: { to: element('cli') } },
  { from: file('hostShared'), allow: { to: file('hostShared') } },
  {
    from: element('electron'),
    allow: { to: [file('engine', 'hostShared'), element('electron', 'contract')] },
  },

  {
    from: [element('rendererApp', 'rendererShared', 'feature'), file('rendererEntry')],
    allow: [
      { to: element('rendererShared', 'contract') },
      // The type of the application, for the typed client.
      {
        to: { element: { types: { anyOf: ['api'] } }, file: { path: 'src/engine/api/app.ts' } },
        dependency: { kind: 'type' },
      },
    ],
  },
  {
    from: [element('rendererApp'), file('rendererEntry')],
    allow: { to: [element('rendererApp', 'feature'), file('rendererEntry')] },
  },
  {
    from: element('feature'),
    allow: {
      to: { element: { type: 'feature', captured: { feature: '{{ from.element.captured.feature }}' } } },
    },
  },

  {
    from: [element('tool'), file('rootFile')],
    allow: {
      to: [
        element('tool', 'serve', 'cli', 'electron', ...ENGINE_FOLDERS),
        file('engine', 'workerEntry', 'hostShared', 'rootFile', 'manifest'),
      ],
    },
  },
  // A test beside a file of src/engine or src/hosts may import that file.
  {
    from: { file: { categories: 'test', path: 'src/engine/*.test.ts' } },
    allow: { to: [element(...ENGINE_FOLDERS), file('engine', 'workerEntry')] },
  },
  {
    from: { file: { categories: 'test', path: 'src/hosts/*.test.ts' } },
    allow: { to: file('hostShared') },
  },

  { disallow: { to: file('test') }, message: 'No file imports a test.' },
  {
    from: { file: { categories: { noneOf: ['test', 'testSupport'] } }, element: { type: '!tool' } },
    disallow: { to: file('testSupport') },
    message: 'Test support is for tests only.',
  },
  {
    from: { element: { type: '!tensorflow' } },
    disallow: { to: { module: { origin: 'external', source: '@tensorflow/*' } } },
    message: 'Only src/engine/tensorflow imports TensorFlow.js.',
  },
  {
    from: element(...ENGINE_FOLDERS.filter((name) => name !== 'workers' && name !== 'tensorflow')),
    disallow: { to: { module: { origin: 'core', source: ['worker_threads', 'node:worker_threads'] } } },
    message: 'Only src/engine/workers knows about threads.',
  },
  {
    from: [element('rendererApp', 'rendererShared', 'feature'), file('rendererEntry')],
    disallow: { to: { module: { origin: 'core' } } },
    message: 'The renderer runs in a browser: no Node modules.',
  },
];

/**
 * The rules on who imports whom, for the tree that starts at `root` (absolute path).
 * @param {string} root
 * @returns {import('eslint').Linter.Config}
 */
export function layerRules(root) {
  return createConfig({
    files: ['**/*.{ts,tsx}'],
    settings: {
      'boundaries/root-path': root,
      'boundaries/elements': folders.map((folder) => ({ ...folder, partialMatch: false })),
      'boundaries/files': files,
      'boundaries/legacy-templates': false,
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          checkAllOrigins: true,
          checkUnknownLocals: true,
          checkInternals: true,
          message:
            'Imports run downward only: {{ from.file.path }} may not import {{ dependency.source }} ({{ dependency.kind }}).',
          policies,
        },
      ],
      'boundaries/no-unknown-files': 'error',
    },
  });
}
