import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testFolder } from '../src/engine/io/testFolder.ts';

/** The command line as a process of its own: streams, exit codes, signals and working directories. */

const main = path.join(import.meta.dirname, '../src/hosts/cli/main.ts');
const folder = testFolder();
const at = (name: string): string => path.join(folder.path, name);

beforeAll(() => {
  const { status, stderr } = run(['demo', '--out', 'demo.dat']);
  expect([status, stderr.replace(/^[A-Z][a-z ]+(: \d+ %)?\n/gm, '')]).toEqual([0, '']);
});
afterAll(() => {
  folder.remove();
});

function run(args: readonly string[], cwd = folder.path) {
  return spawnSync(process.execPath, [main, ...args], { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

const sh = (command: string) =>
  spawnSync('/bin/sh', ['-c', command, process.execPath, main], { cwd: folder.path, encoding: 'utf8' });

describe('the cubelens process', () => {
  it('prints one JSON document and nothing else with --json', () => {
    for (const args of [
      ['info', 'demo.dat'],
      ['stats', 'demo.dat', '--bands', '1-160'],
    ]) {
      const { status, stdout } = run([...args, '--json']);
      expect(status).toBe(0);
      expect(typeof JSON.parse(stdout)).toBe('object');
    }
  });

  it('writes its whole answer into a pipe, however long', () => {
    const pixels = Array.from({ length: 100 }, (_, k) => ['--at', `${k},${2 * k}`]).flat();
    const { status, stdout } = run(['spectrum', 'demo.dat', ...pixels, '--json']);
    expect(status).toBe(0);
    expect(stdout.length).toBeGreaterThan(2 ** 18);
    const { pixels: read } = JSON.parse(stdout) as { pixels: { line: number; sample: number }[] };
    expect(read.map(({ line, sample }) => [line, sample])).toEqual(
      Array.from({ length: 100 }, (_, k) => [k, 2 * k]),
    );
  });

  it('ends with exit codes that scripts can tell apart', () => {
    expect(run(['spectrum', 'demo.dat', '--at', '240,0']).status).toBe(2);
    expect(run(['info', 'none.dat']).status).toBe(3);
    expect(run(['info', main]).status).toBe(4);
  });

  it.skipIf(process.platform === 'win32')('is content when its reader goes away', () => {
    const line = `{ "$0" "$1" spectrum demo.dat --at 1,1 --at 2,2 --json; echo "exit $?" >&2; } | head -1`;
    const { stdout, stderr } = sh(line);
    expect(stdout).toBe('{\n');
    expect(stderr).toBe('exit 0\n');
  });

  it.skipIf(!existsSync('/dev/full'))('says so where its answer cannot be written: exit code 5', () => {
    const { status, stderr } = sh('"$0" "$1" info demo.dat > /dev/full');
    expect(status).toBe(5);
    expect(stderr).toContain('Standard output cannot be written (ENOSPC)');
  });

  it.skipIf(!existsSync('/dev/full'))('goes on where nobody can read its progress', () => {
    const { status } = sh('"$0" "$1" export demo.dat --bands 1 --out quiet.tif 2> /dev/full');
    expect(status).toBe(0);
    expect(existsSync(at('quiet.tif'))).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('leaves nothing behind where there is no room: exit code 5', () => {
    mkdirSync(at('limited'));
    // The shell's limit on the size of a file stands for a full disk.
    const { status, stderr } = sh('ulimit -f 1000; "$0" "$1" export demo.dat --out limited/x.tif');
    expect(status).toBe(5);
    expect(stderr).toContain('x.tif is too large for this file system');
    expect(readdirSync(at('limited'))).toEqual([]);
  });

  it('replays to the byte from another working directory', () => {
    mkdirSync(at('out'));
    mkdirSync(at('elsewhere'));
    const filter = ['--window', '11', '--degree', '2', '--derivative', '2'];
    const exported = run(['export', 'demo.dat', ...filter, '--bands', '1-20', '--out', 'out/d.dat']);
    expect(exported.status).toBe(0);
    expect(run(['replay', '../out/d.dat.recipe.json', '--out', 'd.dat'], at('elsewhere')).status).toBe(0);
    expect(readFileSync(at('elsewhere/d.dat')).equals(readFileSync(at('out/d.dat')))).toBe(true);
    expect(readFileSync(at('elsewhere/d.hdr'), 'utf8')).toBe(readFileSync(at('out/d.hdr'), 'utf8'));
  });

  it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
    '%s while it exports ends it with exit code 130 and leaves nothing behind',
    async (signal) => {
      const target = at(`cancelled-${signal}`);
      mkdirSync(target);
      const args = [
        'export',
        'demo.dat',
        '--window',
        '101',
        '--axis',
        'band',
        '--out',
        path.join(target, 'x.tif'),
      ];
      const child = spawn(process.execPath, [main, ...args], { cwd: folder.path });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const watcher = watch(target);
      // The temporary file appears: the export is under way. A second signal at once, as npm sends, changes nothing.
      watcher.once('change', () => {
        child.kill(signal);
        child.kill(signal);
      });
      const code = await new Promise((resolve) => child.once('close', resolve));
      watcher.close();
      expect(code).toBe(130);
      expect(stderr).toContain('cubelens: Cancelled: nothing was written.\n');
      expect(readdirSync(target)).toEqual([]);
    },
  );
});
