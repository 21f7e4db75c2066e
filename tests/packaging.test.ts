import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleFiles } from '../scripts/bundleFiles.ts';
import { makeStandIn } from './standInElectron.ts';

// Packs the app with a stand-in for Electron and looks at what came out; its main process runs out of the packed archive.

const root = join(import.meta.dirname, '..');
const isThere = (tool: string): boolean =>
  spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;
const canPack = process.platform === 'linux' && isThere('zip');

describe.skipIf(!canPack)('the packed app', () => {
  let folder = '';
  let packed = '';
  let log = '';
  const made: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cubelens-pack-'));
    const zips = join(folder, 'zips');
    mkdirSync(zips);
    const manifest = readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8');
    makeStandIn(zips, (JSON.parse(manifest) as { version: string }).version);
    const out = join(folder, 'out');
    log = execFileSync(
      process.execPath,
      [join(root, 'node_modules/@electron-forge/cli/dist/electron-forge.js'), 'make'],
      {
        cwd: root,
        encoding: 'utf8',
        env: {
          ...process.env,
          CUBELENS_ELECTRON_ZIPS: zips,
          CUBELENS_FORGE_OUT: out,
          NODE_ENV: 'production',
          CI: 'true',
        },
      },
    );
    packed = join(out, `Cubelens-${process.platform}-${process.arch}`);
    for (const entry of readdirSync(join(out, 'make'), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) made.push(entry.name);
    }
  }, 180_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('is an archive of the bundle and the window, with nothing else', () => {
    const names = listPackage(join(packed, 'resources/app.asar'), { isPack: false });
    for (const needed of bundleFiles) {
      expect(
        names.some((name) => needed.test(name)),
        String(needed),
      ).toBe(true);
    }
    expect(names.filter((name) => !/^\/(package\.json$|\.vite(\/|$))/.test(name))).toEqual([]);
  });

  test('has the window of `serve`, byte for byte', () => {
    const inside = join(folder, 'asar');
    extractAll(join(packed, 'resources/app.asar'), inside);
    const served = join(root, 'dist/renderer');
    if (!existsSync(served)) throw new Error('Nothing is built: run `npm run build` first.');
    const window = join(inside, '.vite/renderer/main_window');
    const files = (at: string): Record<string, string> =>
      Object.fromEntries(
        readdirSync(at, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((path) => [
            path.slice(at.length),
            createHash('sha256').update(readFileSync(path)).digest('hex'),
          ]),
      );
    expect(files(window)).toEqual(files(served));
  });

  test('has all nine fuses as they are meant', async () => {
    const wire = await getCurrentFuseWire(join(packed, 'cubelens-app'));
    const isOn = (fuse: FuseV1Options): boolean => wire[fuse] === FuseState.ENABLE;
    const all = Object.values(FuseV1Options).filter((fuse) => typeof fuse === 'number');
    expect(all).toHaveLength(9);
    expect(all.filter(isOn)).toEqual([
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
      FuseV1Options.OnlyLoadAppFromAsar,
      FuseV1Options.WasmTrapHandlers,
    ]);
  });

  test('comes as a zip, and as .deb and .rpm where their tools are; else a line says so', () => {
    const endings = made.map((name) => name.slice(name.lastIndexOf('.'))).sort();
    const wanted = [
      ['.deb', isThere('dpkg') && isThere('fakeroot')],
      ['.rpm', isThere('rpmbuild')],
      ['.zip', true],
    ] as const;
    expect(endings).toEqual(wanted.filter(([, is]) => is).map(([ending]) => ending));
    for (const [ending, is] of wanted) if (!is) expect(log).toContain(`No ${ending} is made`);
  });

  test('runs its main process out of the archive, without node_modules in reach', () => {
    const inside = join(folder, 'run');
    extractAll(join(packed, 'resources/app.asar'), inside);
    const [lines, samples, bands] = [3, 4, 9];
    const header = join(folder, 'cube.hdr');
    const size = `samples = ${samples}\nlines = ${lines}\nbands = ${bands}\n`;
    // With map info: the table of projections is found in the bundle.
    const map = 'map info = {UTM, 1, 1, 300000, 5800000, 30, 30, 33, North, WGS-84}\n';
    writeFileSync(
      header,
      `ENVI\n${size}${map}data type = 1\ninterleave = bip\nbyte order = 0\nheader offset = 0\n`,
    );
    const squares = Uint8Array.from({ length: lines * samples * bands }, (_, i) => (i % bands) ** 2);
    writeFileSync(join(folder, 'cube.img'), squares);
    for (const part of ['tests', 'electron']) mkdirSync(join(folder, part));
    for (const file of ['tests/bundledMain.ts', 'electron/testStart.ts', 'electron/testElectron.ts']) {
      copyFileSync(join(root, file), join(folder, file));
    }
    const program = join(folder, 'tests/bundledMain.ts');
    const main = join(inside, '.vite/build/main.cjs');
    const text = execFileSync(process.execPath, [program, main, header, folder], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
    });
    const got = JSON.parse(text) as {
      page: string;
      preload: string;
      info: { bands: number; map: { epsg?: number } | null };
      spectrum: { pixels: [{ derivative: number[] }] };
      tile: string[];
      job: { state: string; result: { files: string[] } };
      exitCode: number;
    };
    expect(got.page).toContain('<title>Cubelens</title>');
    expect(got.preload).toBe(join(inside, '.vite/build/preload.cjs'));
    expect(got.info).toMatchObject({ bands, lines, samples });
    expect(JSON.stringify(got.info)).toContain('32633');
    // The second derivative of k squared is 2.
    expect(got.tile.map((value) => Math.abs(Number(value) - 2) < 1e-6)).toEqual(Array(12).fill(true));
    expect(got.job).toMatchObject({ state: 'done', result: { files: ['out.tif', 'out.tif.recipe.json'] } });
    expect(readFileSync(join(folder, 'out.tif')).subarray(0, 2).toString('latin1')).toBe('II');
    expect(got.exitCode).toBe(0);
  });
});
