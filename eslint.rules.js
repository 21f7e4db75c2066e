import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { layerRules } from './eslint.layers.js';

const WARNING_TERMS = ['todo', 'fixme', 'xxx'];

/**
 * Rules of every source; those of `recommendedTypeChecked` come first.
 * @type {Partial<import('eslint').Linter.RulesRecord>}
 */
const SOURCE_RULES = {
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'no-warning-comments': ['error', { terms: [...WARNING_TERMS, 'eslint-disable'], location: 'anywhere' }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  // Interfaces are asynchronous where an implementation need not be (ByteSource.read inside a worker).
  '@typescript-eslint/require-await': 'off',
};

/**
 * The engine never ends the process and never prints: that is its host's business.
 * @type {Partial<import('eslint').Linter.RulesRecord>}
 */
const ENGINE_RULES = {
  'no-console': 'error',
  'no-restricted-properties': [
    'error',
    { object: 'process', property: 'exit', message: 'Throw a CubelensError; only a host ends the process.' },
    { object: 'process', property: 'stdout', message: 'Only a host prints.' },
    { object: 'process', property: 'stderr', message: 'Only a host prints.' },
  ],
};

/** Files of the engine that call the file system synchronously: what runs in workers only, and grants, which hosts make. */
const SYNCHRONOUS_FILES = ['fileSource', 'neighbourhood', 'partWriter', 'grants'].map(
  (name) => `src/engine/io/${name}.ts`,
);

/**
 * The engine thread waits for no file.
 * @type {Partial<import('eslint').Linter.RulesRecord>}
 */
const ENGINE_THREAD_RULES = {
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: ['node:fs', 'fs'].map((name) => ({
        name,
        allowTypeImports: true,
        message:
          'The engine thread waits for no file: use node:fs/promises, or io/partWriter.ts in a worker.',
      })),
    },
  ],
};

/**
 * Calls of the window are checked in one place.
 * @type {Partial<import('eslint').Linter.RulesRecord>}
 */
const ELECTRON_RULES = {
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: [
        {
          name: 'electron',
          importNames: ['ipcMain'],
          allowTypeImports: true,
          message: 'Only electron/ipc.ts takes calls of the window: it checks who calls and with what.',
        },
      ],
    },
  ],
};

/**
 * Tests read JSON answers and matchers (`expect.any`), which are `any` by nature, and pass methods to `expect`.
 * @type {Partial<import('eslint').Linter.RulesRecord>}
 */
const TEST_RULES = {
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/unbound-method': 'off',
};

/**
 * The whole lint configuration for the tree that starts at `root` (absolute path; its tsconfig.json names every
 * TypeScript project).
 * @param {string} root
 * @returns {import('eslint').Linter.Config[]}
 */
export function createLint(root) {
  const typed = ['**/*.{ts,tsx}'];
  return [
    {
      ignores: [
        'dist/',
        'coverage/',
        'node_modules/',
        'bench/results/',
        'deps/',
        '.vite/',
        'out/',
        'test-results/',
      ],
    },
    { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
    ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: typed })),
    {
      files: typed,
      languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    },
    layerRules(root),
    { files: typed, rules: SOURCE_RULES },
    { files: ['**/*.test.{ts,tsx}'], rules: TEST_RULES },
    { files: ['src/engine/**/*.{ts,tsx}'], rules: ENGINE_RULES },
    {
      files: ['src/engine/**/*.ts'],
      ignores: ['**/*.test.ts', '**/test*.ts', ...SYNCHRONOUS_FILES],
      rules: ENGINE_THREAD_RULES,
    },
    { files: ['electron/**/*.ts'], ignores: ['electron/ipc.ts', '**/*.test.ts'], rules: ELECTRON_RULES },
    // The log for whoever looks for a fault; off unless asked for.
    { files: ['src/engine/base/debugLog.ts'], rules: { 'no-restricted-properties': 'off' } },
    {
      files: ['renderer/**/*.{ts,tsx}'],
      // The plugin types its own configs more loosely than ESLint does.
      plugins: {
        'react-hooks': /** @type {import('eslint').ESLint.Plugin} */ (/** @type {unknown} */ (reactHooks)),
      },
      rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
    },
    {
      // A registry holds tasks of any arguments: the one place where `any` says what is meant.
      files: ['src/engine/workers/task.ts'],
      rules: { 'no-warning-comments': ['error', { terms: WARNING_TERMS, location: 'anywhere' }] },
    },
    {
      files: ['**/*.{js,cjs}'],
      rules: { 'no-warning-comments': SOURCE_RULES['no-warning-comments'], 'no-undef': 'off' },
    },
  ];
}
