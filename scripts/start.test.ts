import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Matrix, QrDecomposition } from 'ml-matrix';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoRecipe, demoScene } from '../src/engine/cube/demoScene.ts';

const root = mkdtempSync(join(tmpdir(), 'cubelens-start-'));
const home = join(root, 'home');
const blocked = join(root, 'blocked');
const temporary = join(root, 'temporary');
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Run {
  code: number | null;
  out: string;
  errors: string;
}

function start(cwd: string, ...args: string[]): Promise<Run> {
  const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'start.ts'), ...args], { cwd, env });
  const texts = { out: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.errors += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, ...texts });
    });
  });
}

const line = 40;
const sample = 100;
const bands = 160;
const samples = 320;
const file = (name: string): Buffer => readFileSync(join(home, 'cubelens-demo', name));

/** Reflectances of the pixel, straight from the BIL file. */
const values = (): number[] => {
  const data = file('scene.dat');
  return Array.from(
    { length: bands },
    (_, band) => data.readUInt16LE(((line * bands + band) * samples + sample) * 2) / 10_000,
  );
};

/** The rows of the report's table of bands, numbers as printed, by band number. */
const tableOf = (out: string): Map<number, number[]> =>
  new Map(
    [...out.matchAll(/^ {2} *(\d+)((?: +-?\d+\.\d+(?:e[+-]\d+)?){5})$/gm)].map(([, band, rest = '']) => [
      Number(band),
      rest.trim().split(/ +/).map(Number),
    ]),
  );

describe('npm start', () => {
  let first: Run;

  beforeAll(async () => {
    for (const folder of [home, blocked, temporary]) mkdirSync(folder);
    first = await start(home);
  });

  test('ends well and fits into 80 columns', () => {
    expect(first.code, first.errors).toBe(0);
    // A path is as long as it is.
    const rows = first.out.split('\n').filter((row) => !row.startsWith('Folder: '));
    expect(rows.filter((row) => row.length > 80)).toEqual([]);
    expect(readdirSync(join(home, 'cubelens-demo')).sort()).toEqual([
      'again-676nm.tif',
      'again-676nm.tif.recipe.json',
      'derivative-676nm.png',
      'derivative-676nm.png.recipe.json',
      'derivative-676nm.tif',
      'derivative-676nm.tif.recipe.json',
      'derivative-cube.dat',
      'derivative-cube.dat.recipe.json',
      'derivative-cube.hdr',
      'scene.dat',
      'scene.dat.recipe.json',
      'scene.hdr',
    ]);
  });

  test('shows values, smoothed values and derivatives that the published weights give', () => {
    // Window 11, degree 4 at band 108 of the second detector, whose steps are all 10 nm.
    const half = [18, -45, -10, 60, 120];
    const smoothing = [...half, 143, ...half.toReversed()].map((weight) => weight / 429);
    const halfSecond = [-90, 174, 146, 1, -136];
    const second = [...halfSecond, -190, ...halfSecond.toReversed()].map((weight) => weight / 1716 / 100);
    const window = values().slice(107 - 5, 107 + 6);
    const dot = (weights: number[]): number => weights.reduce((sum, w, i) => sum + w * (window[i] ?? NaN), 0);
    const [nm, value, smoothed, derivative] = tableOf(first.out).get(108) ?? [];
    expect(nm).toBe(1193);
    expect(value).toBe(window[5]);
    expect(smoothed).toBe(Number(dot(smoothing).toFixed(5)));
    expect(derivative).toBe(Number(dot(second).toExponential(3)));
  });

  test('states the typical and the largest difference from the exact derivative', () => {
    const scene = demoScene(demoRecipe({ noise: false }));
    const exact = scene.noiseFreeSpectrum(line, sample, 2);
    const read = values();
    const differences: number[] = [];
    for (const [from, to] of [
      [0, 80],
      [80, 124],
      [132, 160],
    ] as const) {
      for (let band = from + 5; band < to - 5; band++) {
        const at = scene.wavelengthsNm
          .slice(band - 5, band + 6)
          .map((nm) => (nm - (scene.wavelengthsNm[band] ?? 0)) / 50);
        const powers = new Matrix(at.map((x) => [1, x, x ** 2, x ** 3, x ** 4]));
        const fit = new QrDecomposition(powers).solve(Matrix.columnVector(read.slice(band - 5, band + 6)));
        differences.push(Math.abs((2 * fit.get(2, 0)) / 50 ** 2 - (exact[band] ?? NaN)));
      }
    }
    differences.sort((a, b) => a - b);
    expect(differences).toHaveLength(122);
    const [, typical, largest] = /122 bands inside the segments +(\S+) +(\S+)/.exec(first.out) ?? [];
    expect(typical).toBe(differences[61]?.toExponential(1));
    expect(largest).toBe(differences[121]?.toExponential(1));
  });

  test('writes the derivative of the pixel into image and cube alike', () => {
    const shown = tableOf(first.out).get(49)?.[3] ?? NaN;
    const image = file('derivative-676nm.tif');
    const pixels = image.subarray(image.length - 240 * samples * 4);
    const inImage = pixels.readFloatLE((line * samples + sample) * 4);
    // Band 49 is the fifth of bands 45 to 65; the cube is BIL as its source.
    const inCube = file('derivative-cube.dat').readFloatLE(((line * 21 + 4) * samples + sample) * 4);
    expect(Number(inImage.toExponential(3))).toBe(shown);
    expect(inCube).toBe(inImage);
    expect(file('derivative-676nm.png').subarray(1, 4).toString()).toBe('PNG');
    expect(file('again-676nm.tif').equals(image)).toBe(true);
  });

  test('does the same a second time, and in a temporary folder where its own cannot be made', async () => {
    const before = file('derivative-cube.dat');
    writeFileSync(join(blocked, 'cubelens-demo'), 'a file where the folder should be');
    const [again, elsewhere] = await Promise.all([start(home), start(blocked)]);
    expect(again.code, again.errors).toBe(0);
    expect(again.out).toBe(first.out);
    expect(file('derivative-cube.dat').equals(before)).toBe(true);
    expect(elsewhere.code, elsewhere.errors).toBe(0);
    expect(elsewhere.out).toContain('The folder cubelens-demo cannot be written here (EEXIST)');
    const [made = ''] = readdirSync(temporary);
    expect(readFileSync(join(temporary, made, 'derivative-cube.dat')).equals(before)).toBe(true);
    expect(tableOf(elsewhere.out)).toEqual(tableOf(first.out));
  });

  test('says in words what fails and ends with its exit code', async () => {
    mkdirSync(join(home, 'taken', 'scene.dat'), { recursive: true });
    const { code, errors } = await start(home, 'taken');
    expect(code).toBe(2);
    expect(errors).toContain('scene.dat is a folder, not a file name.');
    expect(errors).not.toContain('    at ');
  });
});
