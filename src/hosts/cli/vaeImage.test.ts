import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npyFloats } from './testNpy.ts';
import { TestRun } from './testRun.ts';

process.env['CUBELENS_TENSORFLOW_BACKEND'] = 'wasm';
const test = new TestRun();
const [lines, samples, bands, latent] = [24, 20, 12, 3];

/** Three kinds of spectra, mixed along lines and samples; a few pixels are nodata. */
const stored = (line: number, sample: number, band: number): number => {
  if (line === 3 && sample < 4) return 9;
  const [across, down] = [sample / (samples - 1), line / (lines - 1)];
  const wave = 200 * Math.sin((band + 1) / 2) * across + 40 * (1 - across) * band + 90 * down * (band % 3);
  return Math.round(1000 + wave + ((line * 31 + sample * 17 + band * 7) % 13));
};

beforeAll(async () => {
  const header = ['data ignore value = 9'];
  test.cube('scene', { lines, samples, bands, stored, header });
  test.cube('other', { lines: 2, samples: 2, bands: 3, stored: () => 100 });
  for (const seed of [1, 2]) {
    const args = `vae train @scene.hdr --latent ${latent} --epochs 8 --batch 32 --widths 8 --seed ${seed} --out @model${seed}`;
    expect((await test.run(args.split(' '))).code).toBe(0);
  }
  expect((await test.run('vae encode @model1 @scene.hdr --out @z.npy'.split(' '))).code).toBe(0);
});
afterAll(() => test.close());

const image = (show: string, out: string, more = ''): Promise<{ code: number; stderr: string }> =>
  test.run(`vae image @model1 @scene.hdr --show ${show} --out @${out}${more}`.split(' '));

describe('vae image', () => {
  it('gives the numbers that encoding gives, by plain arithmetic', async () => {
    const z = npyFloats(test.at('z.npy')).values;
    for (const [show, place] of [
      ['mu1', 0],
      ['mu3', 2],
      ['sigma2', latent + 1],
    ] as const) {
      expect((await image(show, 'one.npy')).code).toBe(0);
      const { shape, values } = npyFloats(test.at('one.npy'));
      expect(shape).toEqual([lines, samples]);
      for (let pixel = 0; pixel < lines * samples; pixel++) {
        const expected = z[pixel * 2 * latent + place] ?? 0;
        if (Number.isNaN(expected)) expect(values[pixel]).toBeNaN();
        else expect(Math.abs((values[pixel] ?? NaN) - expected)).toBeLessThan(2e-5);
      }
    }
    expect((await image('kl', 'kl.npy')).code).toBe(0);
    const kl = npyFloats(test.at('kl.npy')).values;
    for (let pixel = 0; pixel < lines * samples; pixel++) {
      let expected = 0;
      for (let k = 0; k < latent; k++) {
        const [mu, sigma] = [z[pixel * 2 * latent + k] ?? 0, z[(pixel * 2 + 1) * latent + k] ?? 0];
        expected += (mu * mu + sigma * sigma - 1) / 2 - Math.log(sigma);
      }
      if (Number.isNaN(expected)) expect(kl[pixel]).toBeNaN();
      else expect(Math.abs((kl[pixel] ?? NaN) - expected)).toBeLessThan(1e-3);
    }
  });

  it('shows how far each pixel is from what its mean decodes to, as the maps do', async () => {
    expect((await image('error', 'error.npy')).code).toBe(0);
    expect((await test.run('vae encode @model1 @scene.hdr --out @maps.dat'.split(' '))).code).toBe(0);
    const seen = npyFloats(test.at('error.npy')).values;
    const maps = new Float32Array(Uint8Array.from(readFileSync(test.at('maps.dat'))).buffer);
    const expected = maps.subarray((2 * latent + 1) * lines * samples);
    expect(expected).toHaveLength(lines * samples);
    const off = seen.map((value, k) => Math.abs(value - (expected[k] ?? NaN)));
    expect(off.filter((value) => !(value < 1e-4))).toHaveLength(4);
  });

  it('three means make colours, and a recipe repeats them with the model', async () => {
    expect((await image('3,1,2', 'rgb.png')).code).toBe(0);
    const png = readFileSync(test.at('rgb.png'));
    const recipe = JSON.parse(readFileSync(test.at('rgb.png.recipe.json'), 'utf8')) as {
      uses: { path: string }[];
    };
    expect(recipe.uses.map(({ path }) => path)).toEqual(['model1/vae.json', 'model1/vae.bin']);
    await test.done(`replay ${test.at('rgb.png.recipe.json')} --out ${test.at('again.png')}`);
    expect(readFileSync(test.at('again.png')).equals(png)).toBe(true);
  });

  it('prints what was written as JSON where that is asked for', async () => {
    const written = await test.json<{ files: string[]; bytes: number }>(
      'vae image @model1 @scene.hdr --show kl --out @json.npy'.split(' '),
    );
    expect(written.files).toContain('json.npy');
    expect(written.bytes).toBe(readFileSync(test.at('json.npy')).length);
  });

  it('a recipe is refused where the model is another one now', async () => {
    mkdirSync(test.at('moved'));
    for (const name of ['vae.json', 'vae.bin']) {
      copyFileSync(test.at(`model1/${name}`), test.at(`moved/${name}`));
    }
    const made = await test.run('vae image @moved @scene.hdr --show mu1 --out @moved.npy'.split(' '));
    expect(made.code).toBe(0);
    copyFileSync(test.at('model2/vae.bin'), test.at('moved/vae.bin'));
    const again = await test.run('replay @moved.npy.recipe.json --out @x.npy'.split(' '));
    expect(again.code).not.toBe(0);
    expect(again.stderr).toContain('moved/vae.bin is not the file that moved.npy.recipe.json was made from');
  });

  it('a recipe is refused where it names no model, another one, or too many files', async () => {
    expect((await image('mu1', 'edited.npy')).code).toBe(0);
    const recipe = JSON.parse(readFileSync(test.at('edited.npy.recipe.json'), 'utf8')) as {
      uses: { path: string }[];
      parameters: { image: unknown };
    };
    const { uses } = recipe;
    const foreign = JSON.parse(
      JSON.stringify(uses).replaceAll(
        /"path":"[^"]*vae\.(json|bin)","size":\d+,"sha256":"[^"]*"/g,
        (_whole, ending: string) => {
          const bytes = readFileSync(test.at(`model2/vae.${ending}`));
          const sha256 = createHash('sha256').update(bytes).digest('hex');
          return `"path":"model2/vae.${ending}","size":${bytes.length},"sha256":"${sha256}"`;
        },
      ),
    ) as unknown;
    for (const [changed, message] of [
      [{ ...recipe, uses: undefined }, 'An autoencoder is of two files, not 0.'],
      [{ ...recipe, uses: [...uses, ...uses] }, 'An autoencoder is of two files, not 4.'],
      [{ ...recipe, uses: foreign }, 'files of another autoencoder'],
      [
        {
          ...recipe,
          parameters: { ...recipe.parameters, image: { kind: 'band', parameters: { bandIndex: 0 } } },
        },
        'names files that its output is not made from',
      ],
    ] as const) {
      writeFileSync(test.at('edited.json'), JSON.stringify(changed));
      const ran = await test.run('replay @edited.json --out @x.npy'.split(' '));
      expect(ran.code).not.toBe(0);
      expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    }
    expect(test.files()).not.toContain('x.npy');
  });

  it('never replaces its model, and says what does not fit', async () => {
    linkSync(test.at('model1/vae.bin'), test.at('linked.npy'));
    expect((await image('mu1', 'linked.npy')).stderr).toContain('would replace vae.bin, an input');
    const beyond = await image('mu4', 'x.npy');
    expect(beyond.code).not.toBe(0);
    expect(beyond.stderr).toContain('There is no latent dimension z4: the model has z1 to z3.');
    expect((await image('1,2,4', 'x.png')).stderr).toContain('dimensionIndexes counts from 0');
    expect((await image('mu0', 'x.npy')).stderr).toContain('--show takes mu1');
    expect((await image('1,2', 'x.npy')).stderr).toContain('--show takes mu1');
    expect((await image('1,2,3', 'x.png', ' --colour-map gray')).stderr).toContain('take no --colour-map');
    const other = await test.run('vae image @model1 @other.hdr --show kl --out @x.npy'.split(' '));
    expect(other.stderr).toContain('The model takes band 4; other.dat has 3.');
    appendFileSync(test.at('model2/vae.bin'), 'x');
    const corrupt = await test.run('vae image @model2 @scene.hdr --show kl --out @x.npy'.split(' '));
    expect(corrupt.stderr).toContain('model2: vae.bin: it has');
    expect(test.files()).not.toContain('x.npy');
  });
});
