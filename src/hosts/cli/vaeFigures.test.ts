import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VaeFigureResult, VaeSpectrum } from '../../engine/contract/vaeSpectra.ts';
import { npyFloats } from './testNpy.ts';
import { TestRun } from './testRun.ts';
import { short } from './vaeShared.ts';

process.env['CUBELENS_TENSORFLOW_BACKEND'] = 'wasm';
const test = new TestRun();
const [lines, samples, bands, latent] = [24, 20, 12, 2];

/** Two kinds of spectra, mixed along the samples; a few pixels are nodata. */
const stored = (line: number, sample: number, band: number): number => {
  if (line === 3 && sample < 4) return 9;
  const share = sample / (samples - 1);
  const wave = 200 * Math.sin((band + 1) / 2) * share + 40 * (1 - share) * band;
  return Math.round(1000 + wave + ((line * 31 + sample * 17 + band * 7) % 13));
};

const run = (line: string): ReturnType<TestRun['run']> => test.run(line.split(' '));

beforeAll(async () => {
  const nm = Array.from({ length: bands }, (_, k) => 400 + 10 * k + (k > 5 ? 300 : 0));
  const header = (wavelengths: readonly number[]): string[] => [
    'data ignore value = 9',
    `wavelength = {${wavelengths.join(', ')}}`,
    'wavelength units = Nanometers',
  ];
  test.cube('scene', { lines, samples, bands, stored, header: header(nm) });
  const shifted = header(nm.map((value) => value + 4));
  test.cube('shifted', { lines, samples, bands, stored, header: shifted });
  for (const line of [
    `vae train @scene.hdr --latent ${latent} --epochs 8 --batch 32 --widths 8 --out @model`,
    'vae encode @model @scene.hdr --out @z.npy',
    'vae decode @model @z.npy --out @x.npy',
  ]) {
    expect((await run(line)).code).toBe(0);
  }
});
afterAll(() => test.close());

const near = (seen: readonly number[], expected: ArrayLike<number>, tolerance: number): void => {
  expect(seen).toHaveLength(expected.length);
  seen.forEach((value, k) => {
    expect(Math.abs(value - (expected[k] ?? NaN))).toBeLessThan(tolerance);
  });
};

describe('vae spectrum', () => {
  it('gives the Gaussian that encoding gives, and what decoding makes of it', async () => {
    const [line, sample] = [7, 11];
    const pixel = line * samples + sample;
    const found = await test.json<VaeSpectrum>(
      `vae spectrum @model @scene.hdr --at ${line},${sample}`.split(' '),
    );
    const z = npyFloats(test.at('z.npy')).values.subarray(2 * latent * pixel);
    near(found.mu, z.subarray(0, latent), 1e-4);
    near(found.sigma, z.subarray(latent, 2 * latent), 1e-4);
    const x = npyFloats(test.at('x.npy')).values.subarray(2 * bands * pixel);
    near(found.decoded, x.subarray(0, bands), 0.02);
    near(found.sd, x.subarray(bands, 2 * bands), 0.02);
    near(
      found.measured,
      Array.from({ length: bands }, (_, band) => stored(line, sample, band)),
      1e-3,
    );
    expect(found.wavelengthsNm?.slice(4, 8)).toEqual([440, 450, 760, 770]);
    const shown = await run(`vae spectrum @model @scene.hdr --at ${line},${sample}`);
    expect(shown.stdout).toContain(`The Gaussian of the pixel at line ${line}, sample ${sample}`);
  });

  it('is drawn with its band of uncertainty, broken where wavelengths are missing', async () => {
    expect((await run('vae spectrum @model @scene.hdr --at 7,11 --out @s.svg')).code).toBe(0);
    const svg = readFileSync(test.at('s.svg'), 'utf8');
    expect(svg.match(/Z" fill="#/g)).toHaveLength(2);
    expect(svg.match(/<path d="M[^M]*M[^M]*" fill="none"/g)).toHaveLength(2);
    expect(svg).toContain('wavelength, nm');
    expect(svg).not.toContain('NaN');
    expect((await run('vae spectrum @model @scene.hdr --at 7,11 --out @s.csv')).code).toBe(0);
    const rows = readFileSync(test.at('s.csv'), 'utf8').trim().split('\r\n');
    expect(rows[0]).toBe('column,wavelength_nm,measured,decoded,sd');
    expect(rows[1]?.split(',').slice(0, 3)).toEqual(['band 1', '400', String(stored(7, 11, 0))]);
    expect(rows).toHaveLength(bands + 1);
  });

  it('says where bands lie elsewhere', async () => {
    const note = 'Bands of shifted.dat lie up to 4.0 nm away from those that the model was trained on.';
    const line = 'vae spectrum @model @shifted.hdr --at 7,11';
    expect((await test.json<VaeSpectrum>(line.split(' '))).notes).toEqual([note]);
    expect((await run(line)).stdout.replaceAll(/\s+/g, ' ')).toContain(`Note: ${note}`);
    expect((await run(`${line} --out @shifted.csv`)).stdout.replaceAll(/\s+/g, ' ')).toContain(note);
  });

  it('has narrow numbers', () => {
    expect([0.012345, 9_999_000, 12_345_678, -3e38, NaN].map((value) => short(value))).toEqual([
      '0.01235',
      '9999000',
      '1.235e+7',
      '-3e+38',
      'NaN',
    ]);
  });

  it.each([
    ['vae spectrum @model @scene.hdr --at 3,1', 'The pixel at line 3, sample 1 has no value in band 1'],
    ['vae spectrum @model @scene.hdr --at 24,0', 'line'],
    ['vae spectrum @model @scene.hdr', '--at LINE,SAMPLE is missing.'],
    ['vae spectrum @model @scene.hdr --at 1,1 --at 2,2', 'Give one pixel'],
    ['vae spectrum @model @scene.hdr --at 1,1 --json --out @n.csv', 'choose one'],
    ['vae spectrum @model --at 1,1', 'takes a MODEL_DIR and a cube'],
    ['vae encode @model @scene.hdr --at 1,1 --out @n.npy', '--at does not go with vae encode.'],
    ['vae traverse @model --at 1,1 --out @n.csv', 'go together'],
    ['vae traverse @model @scene.hdr --out @n.csv', 'go together'],
    ['vae traverse @model --steps 1 --out @n.csv', '--steps is a whole number from 2 to 101, not 1.'],
    ['vae traverse @model --steps 2.5 --out @n.csv', '--steps is a whole number from 2 to 101, not 2.5.'],
    ['vae traverse @model --reach 0 --out @n.csv', '--reach is a number above 0, at most 1000, not 0.'],
    ['vae traverse @model --reach 1e308 --out @n.csv', 'above 0, at most 1000, not 1e308.'],
    ['vae traverse @model', '--out'],
  ])('%s is refused', async (line, message) => {
    const ran = await run(line);
    expect(ran.code).not.toBe(0);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(test.files().filter((name) => name.startsWith('n.'))).toEqual([]);
  });
});

describe('vae traverse', () => {
  it('crosses at what the pixel decodes to, and a recipe repeats it', async () => {
    const line = 'vae traverse @model @scene.hdr --at 7,11 --steps 3 --reach 1.5 --out @t.csv';
    expect((await run(line)).code).toBe(0);
    const rows = readFileSync(test.at('t.csv'), 'utf8')
      .trim()
      .split('\r\n')
      .map((row) => row.split(','));
    expect(rows[0]).toHaveLength(2 + 3 * latent + 1);
    const found = await test.json<VaeSpectrum>('vae spectrum @model @scene.hdr --at 7,11'.split(' '));
    for (let dimension = 0; dimension < latent; dimension++) {
      const middle = rows.slice(1).map((row) => Number(row[2 + 3 * dimension + 1]));
      near(middle, found.decoded, 1e-3);
      const coordinates = [0, 1, 2].map((step) => Number(rows[0]?.[2 + 3 * dimension + step]?.split('=')[1]));
      const mu = found.mu[dimension] ?? NaN;
      near(coordinates, [mu - 1.5, mu, mu + 1.5], 1e-3);
    }
    const again = await test.json<VaeFigureResult>(line.split(' '));
    expect(again).toMatchObject({ written: { files: ['t.csv', 't.csv.recipe.json'] }, notes: [] });
    expect((await run('replay @t.csv.recipe.json --out @again.csv')).code).toBe(0);
    expect(readFileSync(test.at('again.csv'))).toEqual(readFileSync(test.at('t.csv')));
  });

  it('goes through the origin without a pixel, a panel a dimension', async () => {
    expect((await run('vae traverse @model --out @t.svg')).code).toBe(0);
    const svg = readFileSync(test.at('t.svg'), 'utf8');
    expect(svg).toContain('7 steps along one coordinate, the others are 0');
    expect(svg.match(/fill="none" stroke="rgb/g)).toHaveLength(7 * latent);
    expect(svg).toContain('z2 = 3');
    expect(svg).not.toContain('NaN');
  });
});
