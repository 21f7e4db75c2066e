import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countEndToEnd, countReport, readSummary, summaryLine } from './summary.ts';

const repository = join(import.meta.dirname, '..');
let folder = '';

beforeEach(() => {
  // Inside node_modules, so that `vitest` resolves from the files and no other run collects them.
  mkdirSync(join(repository, 'node_modules/.cache'), { recursive: true });
  folder = mkdtempSync(join(repository, 'node_modules/.cache/unit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the unit tests over one test file with this text; its exit code and the last line it printed. */
function unit(text: string) {
  writeFileSync(
    join(folder, 'vitest.config.mjs'),
    `export default { test: { include: ['*.check.mjs'] } };\n`,
  );
  writeFileSync(join(folder, 'a.check.mjs'), `import { test, expect } from 'vitest';\n${text}\n`);
  const words = [join(import.meta.dirname, 'tests.ts'), 'unit', '--root', folder];
  const run = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return { code: run.status, lastLine: run.stdout.trimEnd().split('\n').at(-1), errors: run.stderr };
}

test('a file that fails outside its tests counts as one failure', () => {
  const ok = { status: 'passed' };
  const report = {
    numPassedTests: 4,
    numFailedTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [ok, ok, ok] },
      { status: 'failed', assertionResults: [ok, { status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
      { status: 'failed', assertionResults: [{ status: 'skipped' }] },
    ],
  };
  expect(countReport(report)).toEqual({ passed: 4, failed: 3 });
  expect(summaryLine({ passed: 3, failed: 2 })).toBe('3 passed, 2 failed');
  expect(readSummary(join(folder, 'missing.json'), countReport)).toBeNull();
});

test('a spec that passed when tried again has passed; a file that does not load has failed', () => {
  const stats = { expected: 5, unexpected: 1, flaky: 1 };
  expect(countEndToEnd({ stats, errors: [{}] })).toEqual({ passed: 6, failed: 2 });
});

test('tests that pass: exit 0, skipped ones are not counted', () => {
  const run = unit(`test('a', () => expect(1 + 1).toBe(2)); test('b', () => {}); test.skip('c', () => {});`);
  expect(run).toMatchObject({ code: 0, lastLine: '2 passed, 0 failed' });
});

test('a test that fails: exit 1', () => {
  const run = unit(`test('a', () => expect(1 + 1).toBe(3)); test('b', () => {});`);
  expect(run).toMatchObject({ code: 1, lastLine: '1 passed, 1 failed' });
});

test('a file that does not load: exit 1 and a failure', () => {
  expect(unit(`import './nowhere.mjs'; test('a', () => {});`)).toMatchObject({
    code: 1,
    lastLine: '0 passed, 1 failed',
  });
});

test('no test ran: exit 1', () => {
  const run = unit(`test.skip('a', () => {});`);
  expect(run).toMatchObject({ code: 1, lastLine: '0 passed, 0 failed' });
  expect(run.errors).toContain('no test ran');
});
