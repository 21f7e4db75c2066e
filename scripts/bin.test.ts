import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const repository = join(import.meta.dirname, '..');
const root = mkdtempSync(join(tmpdir(), 'cubelens-bin-'));
const wrapper = join(root, 'bin/cubelens.cjs');
const checkNode = join(root, 'scripts/checkNode.cjs');
const cli = join(root, 'dist/cli.js');

beforeAll(() => {
  for (const folder of ['bin', 'scripts', 'dist']) mkdirSync(join(root, folder));
  for (const file of ['bin/cubelens.cjs', 'bin/nodeVersion.cjs', 'scripts/checkNode.cjs']) {
    copyFileSync(join(repository, file), join(root, file));
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Loads a CommonJS file in a Node that says it is `version`. */
function runAs(version: string, file: string) {
  const fake = `Object.defineProperty(process, 'versions', { value: { node: ${JSON.stringify(version)} } });`;
  const run = spawnSync(process.execPath, ['-e', `${fake} require(${JSON.stringify(file)});`], {
    encoding: 'utf8',
  });
  return { code: run.status, out: run.stdout, errors: run.stderr };
}

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [wrapper, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, errors: stderr };
}

describe('bin/cubelens.cjs', () => {
  test.each(['10.24.1', '20.20.2', '22.14.0'])(
    'Node %s: one line that names both versions, exit 2',
    (version) => {
      writeFileSync(cli, '');
      const { code, out, errors } = runAs(version, wrapper);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(errors).toBe(
        `cubelens: needs Node 22.15 or newer, this is v${version} (${process.execPath}).\n`,
      );
    },
  );

  test.each(['22.15.0', '22.15.1', '24.0.0', '26.1.0'])('Node %s starts the program', (version) => {
    writeFileSync(cli, `console.log('started');`);
    expect(runAs(version, wrapper)).toEqual({ code: 0, out: 'started\n', errors: '' });
  });

  test('arguments and exit code pass through', () => {
    writeFileSync(cli, `console.log(process.argv.slice(2).join(' ')); process.exitCode = 4;`);
    expect(run('info', 'a b.hdr')).toEqual({ code: 4, out: 'info a b.hdr\n', errors: '' });
  });

  test('not built: one line, exit 2', () => {
    rmSync(cli, { force: true });
    const { code, errors } = run('info');
    expect(code).toBe(2);
    expect(errors).toMatch(/^cubelens: not built yet \(.*\): run `npm run build` first\.\n$/);
  });

  test('a program that fails to load: exit 70', () => {
    writeFileSync(cli, `throw new Error('broken build');`);
    const { code, errors } = run('info');
    expect(code).toBe(70);
    expect(errors).toContain('broken build');
  });
});

describe('scripts/checkNode.cjs', () => {
  test('an old Node: one line that says what to do, exit 2', () => {
    const { code, errors } = runAs('20.20.2', checkNode);
    expect(code).toBe(2);
    expect(errors).toMatch(
      /^cubelens: needs Node 22\.18 or newer, this is v20\.20\.2 .*npm rebuild node.*\n$/,
    );
  });

  test('a Node that runs TypeScript sources: nothing', () => {
    expect(runAs('22.18.0', checkNode)).toEqual({ code: 0, out: '', errors: '' });
  });
});
