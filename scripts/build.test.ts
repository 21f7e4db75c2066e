import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from 'vite';

/** What `npm run build` makes, alone in a folder: it needs no checkout and no installed package. */

const repository = join(import.meta.dirname, '..');
const root = mkdtempSync(join(tmpdir(), 'cubelens-built-'));

beforeAll(async () => {
  const outDir = join(root, 'dist');
  await build({ root: repository, logLevel: 'silent', build: { outDir } });
  mkdirSync(join(root, 'bin'));
  for (const file of ['bin/cubelens.cjs', 'bin/nodeVersion.cjs']) {
    copyFileSync(join(repository, file), join(root, file));
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(...args: string[]) {
  const { NODE_PATH: _, ...env } = process.env;
  const command = [join(root, 'bin/cubelens.cjs'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

const crsOf = (file: string): unknown => {
  const { status, stdout, stderr } = run('info', file, '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return (JSON.parse(stdout) as { crs: unknown }).crs;
};

test('a worker starts without the libraries that it rarely needs', () => {
  const dist = join(root, 'dist');
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(dist, file), 'utf8');
    for (const [, chunk = ''] of text.matchAll(/^(?:import|export) [^;]*?from "\.\/([^"]+)";/gm))
      visit(chunk);
  };
  visit('worker.js');
  const text = [...seen].map((file) => readFileSync(join(dist, file), 'utf8')).join('');
  // What these libraries declare: schemas (zod), XML (fast-xml-parser).
  for (const name of ['$ZodType', 'class XMLParser']) {
    expect([name, text.includes(name)]).toEqual([name, false]);
  }
  expect([...seen].filter((file) => /^(?:projectionData|geotiff)-/.test(file))).toEqual([]);
  expect(seen.size).toBeGreaterThan(1);
});

describe('the built program outside the checkout', () => {
  test('has no package in reach', () => {
    for (let folder = root; folder !== dirname(folder); folder = dirname(folder)) {
      expect([folder, existsSync(join(folder, 'node_modules'))]).toEqual([folder, false]);
    }
  });

  test('knows the coordinate system of an ENVI cube and writes it in both formats', () => {
    const header = [
      'ENVI',
      'samples = 2',
      'lines = 2',
      'bands = 1',
      'data type = 1',
      'interleave = bsq',
      'map info = {UTM, 1, 1, 366000, 5811000, 30, 30, 33, North, WGS-84, units=Meters}',
    ];
    writeFileSync(join(root, 'utm.hdr'), `${header.join('\n')}\n`);
    writeFileSync(join(root, 'utm.dat'), Buffer.from([1, 2, 3, 4]));
    const crs = crsOf('utm.dat');
    expect(crs).toMatchObject({ epsg: 32633, name: 'WGS_1984_UTM_Zone_33N' });
    for (const out of ['out.tif', 'out.dat']) {
      expect(run('export', 'utm.dat', '--out', out)).toMatchObject({ status: 0 });
      expect(crsOf(out)).toMatchObject({ epsg: 32633 });
    }
    expect(crsOf('out.dat')).toEqual(crs);
  });

  test('asks the large table where a file needs it', () => {
    writeFileSync(join(root, 'open.json'), '{"crs": {"epsg": 7844, "name": null, "wkt": null}}');
    expect(run('export', 'utm.dat', '--open', 'open.json', '--out', 'rare.tif')).toMatchObject({ status: 0 });
    expect(crsOf('rare.tif')).toMatchObject({ epsg: 7844 });
  });
});
