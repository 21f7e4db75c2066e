import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { writtenName } from './options.ts';
import { TestRun } from './testRun.ts';

const { run, close } = (() => {
  const test = new TestRun();
  return { run: (...args: string[]) => test.run(args), close: () => test.close() };
})();
afterAll(close);

const names = Object.keys(commands);
const manifest = new URL('../../../package.json', import.meta.url);

describe('help', () => {
  it('lists every command and every exit code', async () => {
    for (const args of [[], ['help'], ['--help'], ['-h']]) {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stderr]).toEqual([0, '']);
      for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
      for (const exit of [0, 2, 3, 4, 5, 6, 70, 130]) expect(stdout).toMatch(new RegExp(`\\b${exit} `));
    }
  });

  it.each(names)('of %s shows its options, the same in both spellings', async (name) => {
    const { code, stdout, stderr } = await run('help', name);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: cubelens ${name}`);
    for (const option of commands[name]?.options ?? [])
      expect(stdout).toContain(`  --${writtenName(option)}`);
    expect(await run(name, '--help')).toEqual({ code, stdout, stderr });
    expect((await run(name, '-h')).stdout).toBe(stdout);
  });

  it('fits a terminal of 80 columns', async () => {
    for (const args of [['help'], ...names.map((name) => ['help', name])]) {
      const { stdout } = await run(...args);
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it.each(['nonsense', 'toString', 'constructor', '__proto__'])('knows no command %s', async (name) => {
    for (const args of [['help', name], [name]]) {
      const { code, stdout, stderr } = await run(...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toBe(`cubelens: There is no command ${name}.\nSee 'cubelens help'.\n`);
    }
  });

  it('tells the version', async () => {
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    for (const spelling of ['--version', 'version']) {
      expect(await run(spelling)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    }
  });
});
