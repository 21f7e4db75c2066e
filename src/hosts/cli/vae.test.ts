import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VaeEncodeResult, VaeTrainResult } from '../../engine/contract/vae.ts';
import { npyFloats } from './testNpy.ts';
import { TestRun } from './testRun.ts';

// One backend, so that two runs can be compared to the bit.
process.env['CUBELENS_TENSORFLOW_BACKEND'] = 'wasm';
const test = new TestRun();
const [lines, samples, bands] = [24, 20, 12];

/** Two kinds of spectra, mixed along the lines; a few pixels are nodata. */
const stored = (line: number, sample: number, band: number): number => {
  if (line === 3 && sample < 4) return 9;
  const share = sample / (samples - 1);
  const wave = 200 * Math.sin((band + 1) / 2) * share + 40 * (1 - share) * band;
  return Math.round(1000 + wave + ((line * 31 + sample * 17 + band * 7) % 13));
};

beforeAll(() => {
  const header = ['data ignore value = 9'];
  test.cube('scene', { lines, samples, bands, stored, header });
  test.cube('other', { lines: 2, samples: 2, bands: 3, stored: () => 100 });
});
afterAll(() => test.close());

const train = (folder: string, epochs: number, more: string[] = []): string[] => [
  'vae',
  'train',
  '@scene.hdr',
  '--latent',
  '2',
  '--epochs',
  String(epochs),
  '--batch',
  '32',
  '--widths',
  '8',
  '--out',
  `@${folder}`,
  ...more,
];

describe('vae', () => {
  it('trains on the pixels of a cube, says what it learned, and writes a model', async () => {
    const result = await test.json<VaeTrainResult>(train('model', 40));
    expect(result.table).toMatchObject({ rows: lines * samples - 4, columns: bands });
    expect(result.training.epochs.length).toBeGreaterThan(0);
    expect(result.backend.backend).toBe('wasm');
    expect(result.description.sentences[0]).toContain('one Gaussian of 2 dimensions');
    for (const name of ['vae.json', 'vae.bin', 'checkpoint.bin', 'loss.svg', 'latent.svg']) {
      expect(statSync(test.at(`model/${name}`)).size).toBeGreaterThan(100);
    }
    const before = result.training.epochs[0]?.elbo ?? NaN;
    expect(result.training.epochs.at(-1)?.elbo).toBeGreaterThan(before);
  });

  it('a recipe trains the same model again, in another folder', async () => {
    mkdirSync(test.at('again'));
    const ran = await test.run('replay @model/vae.json.recipe.json --out @again/vae.json'.split(' '));
    expect(ran.code).toBe(0);
    for (const name of ['vae.json', 'vae.bin', 'loss.svg', 'latent.svg']) {
      expect(readFileSync(test.at(`again/${name}`)).equals(readFileSync(test.at(`model/${name}`)))).toBe(
        true,
      );
    }
    expect(existsSync(test.at('again/checkpoint.bin'))).toBe(false);
    const renamed = await test.run('replay @model/vae.json.recipe.json --out @again/mine.json'.split(' '));
    expect(renamed.stderr).toContain('cannot be named mine.json');
  });

  it('encodes, decodes back within its own deviations, and draws new spectra', async () => {
    const encoded = await test.json<VaeEncodeResult>([
      'vae',
      'encode',
      '@model',
      '@scene.hdr',
      '--out',
      '@z.npy',
    ]);
    expect(encoded).toMatchObject({ shape: [lines, samples, 4], skipped: 4 });
    const z = npyFloats(test.at('z.npy'));
    expect(z.shape).toEqual([lines, samples, 4]);
    const missing = Array.from(z.values).filter(Number.isNaN).length;
    expect(missing).toBe(16);
    const shown = await test.done(
      `vae decode ${test.at('model')} ${test.at('z.npy')} --out ${test.at('x.npy')}`,
    );
    expect(shown).toContain(
      `${lines * samples} spectra of ${bands} columns, then as many standard deviations`,
    );
    const x = npyFloats(test.at('x.npy'));
    expect(x.shape).toEqual([lines, samples, 2 * bands]);
    expect(x.values[(3 * samples + 1) * 2 * bands]).toBeNaN();
    let squares = 0;
    let count = 0;
    for (let row = 0; row < 3 * samples; row++) {
      for (let band = 0; band < bands; band++) {
        const [mean, sd] = [
          x.values[row * 2 * bands + band] ?? NaN,
          x.values[(row * 2 + 1) * bands + band] ?? NaN,
        ];
        squares += ((stored(Math.floor(row / samples), row % samples, band) - mean) / sd) ** 2;
        count += 1;
      }
    }
    expect(Math.sqrt(squares / count)).toBeGreaterThan(0.3);
    expect(Math.sqrt(squares / count)).toBeLessThan(1.6);
    await test.done(`vae sample ${test.at('model')} --count 3 --seed 5 --out ${test.at('s.csv')}`);
    const once = readFileSync(test.at('s.csv'), 'utf8');
    expect(once.trim().split('\n')).toHaveLength(4);
    await test.done(`vae sample ${test.at('model')} --count 3 --seed 5 --out ${test.at('s.csv')}`);
    expect(readFileSync(test.at('s.csv'), 'utf8')).toBe(once);
  });

  it('writes maps that open as a cube, and repeats them from their recipe', async () => {
    await test.done(`vae encode ${test.at('model')} ${test.at('scene.hdr')} --out ${test.at('maps.dat')}`);
    const shown = await test.done(`info ${test.at('maps.hdr')}`);
    expect(shown).toContain(`${lines} lines x ${samples} samples x 6 bands`);
    expect(readFileSync(test.at('maps.hdr'), 'utf8')).toContain('mu of z1, mu of z2, sigma of z1');
    const maps = new Float32Array(Uint8Array.from(readFileSync(test.at('maps.dat'))).buffer);
    const { values } = npyFloats(test.at('z.npy'));
    const at = (line: number, sample: number): number => line * samples + sample;
    expect(maps[at(5, 7)]).toBe(values[4 * at(5, 7)]);
    expect(maps[3 * lines * samples + at(5, 7)]).toBe(values[4 * at(5, 7) + 3]);
    expect(maps[at(3, 1)]).toBeNaN();
    await test.done(`replay ${test.at('maps.dat.recipe.json')} --out ${test.at('again.dat')}`);
    expect(readFileSync(test.at('again.dat'))).toEqual(readFileSync(test.at('maps.dat')));
    await test.done(`vae encode ${test.at('model')} ${test.at('scene.hdr')} --out ${test.at('maps.tif')}`);
    expect(await test.done(`info ${test.at('maps.tif')}`)).toContain('GeoTIFF');
  });

  it('writes coordinates as CSV and for the Embedding Projector', async () => {
    await test.done(`vae encode ${test.at('model')} ${test.at('scene.hdr')} --out ${test.at('z.csv')}`);
    const rows = readFileSync(test.at('z.csv'), 'utf8').trim().split('\r\n');
    expect(rows[0]).toBe('line,sample,mu_1,mu_2,sigma_1,sigma_2');
    expect(rows).toHaveLength(1 + lines * samples);
    const heading = [
      'class',
      'line',
      'sample',
      ...Array.from({ length: bands }, (_, band) => `band ${band + 1}`),
    ];
    const some = [0, 1, 2].map((line) =>
      [`c${line}`, line, 5, ...Array.from({ length: bands }, (_, band) => stored(line, 5, band))].join(','),
    );
    writeFileSync(test.at('some.csv'), `${heading.join(',')}\n${some.join('\n')}\n`);
    await test.done(`vae encode ${test.at('model')} ${test.at('some.csv')} --out ${test.at('p.tsv')}`);
    expect(readFileSync(test.at('p.tsv'), 'utf8').trim().split('\n')).toHaveLength(3);
    expect(readFileSync(test.at('p.metadata.tsv'), 'utf8')).toBe(
      'class\tline\tsample\nc0\t0\t5\nc1\t1\t5\nc2\t2\t5\n',
    );
  });

  it('cancelled, keeps its checkpoint; resumed, it equals training without a break to the bit', async () => {
    const gone = new AbortController();
    const running = test.run(train('broken', 400), gone.signal);
    for (let k = 0; k < 400 && !existsSync(test.at('broken/checkpoint.bin')); k++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    gone.abort();
    const broken = await running;
    expect(broken.code).toBe(130);
    expect(broken.stderr).toMatch(/Cancelled: the last checkpoint is kept in .*broken\./);
    expect(existsSync(test.at('broken/vae.json'))).toBe(false);
    const config = ['--seed', '3'];
    await test.json(train('whole', 6, config));
    const first = new AbortController();
    const half = test.run(train('half', 6, config), first.signal);
    for (let k = 0; k < 400 && !existsSync(test.at('half/checkpoint.bin')); k++) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    first.abort();
    await half;
    if (!existsSync(test.at('half/vae.json'))) await test.json(train('half', 6, [...config, '--resume']));
    expect(readFileSync(test.at('half/vae.bin'))).toEqual(readFileSync(test.at('whole/vae.bin')));
    expect(readFileSync(test.at('half/vae.json'))).toEqual(readFileSync(test.at('whole/vae.json')));
  });

  it('ordered with more epochs on the way, has a recipe that makes it again to the bit', async () => {
    await test.json(train('longer', 3));
    await test.json(train('longer', 5, ['--resume']));
    const recipe = JSON.parse(readFileSync(test.at('longer/vae.json.recipe.json'), 'utf8')) as {
      parameters: { legs: unknown };
    };
    expect(recipe.parameters.legs).toEqual([{ until: 3, epochs: 3 }]);
    mkdirSync(test.at('replayed'));
    await test.done(`replay ${test.at('longer/vae.json.recipe.json')} --out ${test.at('replayed/vae.json')}`);
    for (const name of ['vae.json', 'vae.bin', 'vae.json.recipe.json']) {
      expect(readFileSync(test.at(`replayed/${name}`))).toEqual(readFileSync(test.at(`longer/${name}`)));
    }
  });

  it('gives rows of a CSV that lack a value coordinates and spectra without numbers', async () => {
    const row = (line: number): string =>
      Array.from({ length: bands }, (_, band) => stored(line, 5, band)).join(',');
    writeFileSync(test.at('holes.csv'), [row(0), row(1).replace(/^\d+/, ''), row(2)].join('\n'));
    await test.done(`vae encode ${test.at('model')} ${test.at('holes.csv')} --out ${test.at('holes-z.csv')}`);
    await test.done(
      `vae decode ${test.at('model')} ${test.at('holes-z.csv')} --out ${test.at('holes-x.csv')}`,
    );
    for (const name of ['holes-z.csv', 'holes-x.csv']) {
      const rows = readFileSync(test.at(name), 'utf8').trimEnd().split('\r\n');
      expect(rows).toHaveLength(4);
      expect(rows.map((text) => /^,+$/.test(text))).toEqual([false, false, true, false]);
    }
  });

  it.each([
    [['vae'], 2, 'vae train, encode, image, spectrum, traverse, decode or sample?'],
    [['vae', 'learn'], 2, 'vae has no learn'],
    [['vae', 'train', '@scene.hdr', '--out', '@m'], 2, '--latent R is missing'],
    [['vae', 'train', '@scene.hdr', '--latent', '2', '--out', '@model'], 2, 'holds a model already'],
    [
      ['vae', 'train', '@scene.hdr', '--latent', '2', '--resume', '--out', '@new'],
      2,
      'holds no checkpoint.bin',
    ],
    [['vae', 'train', '@scene.hdr', '--latent', '0', '--out', '@new'], 2, 'latent'],
    [
      ['vae', 'train', '@scene.hdr', '--latent', '2', '--batch', '0', '--out', '@new'],
      2,
      '--batch is a whole number from 1 to 65536, not 0',
    ],
    [
      ['vae', 'train', '@scene.hdr', '--latent', '2', '--rate', '0', '--out', '@new'],
      2,
      '--rate is a number above 0, at most 1000000, not 0',
    ],
    [
      ['vae', 'sample', '@model', '--count', '0', '--out', '@s.csv'],
      2,
      '--count is a whole number from 1 to',
    ],
    [
      ['vae', 'train', '@scene.hdr', '--latent', '2', '--widths', 'a', '--out', '@new'],
      2,
      '--widths takes whole numbers',
    ],
    [['vae', 'train', '@none.hdr', '--latent', '2', '--out', '@new3'], 3, 'none.hdr does not exist'],
    [
      ['vae', 'train', '@scene.hdr', '--latent', '2', '--count', '3', '--out', '@new'],
      2,
      '--count does not go with vae train',
    ],
    [
      ['vae', 'encode', '@model', '@other.hdr', '--out', '@no.npy'],
      2,
      'The model takes band 4; other.dat has 3.',
    ],
    [['vae', 'encode', '@model', '@scene.hdr', '--out', '@no.xml'], 2, 'is no format of this command'],
    [['vae', 'encode', '@empty', '@scene.hdr', '--out', '@no.npy'], 3, 'vae.json does not exist'],
    [['vae', 'decode', '@model', '@x.npy', '--out', '@no.npy'], 2, "the model's latent size is 2"],
    [['vae', 'sample', '@model', '--out', '@no.npy'], 2, '--count N is missing'],
  ] as [string[], number, string][])('%j', async (args, code, message) => {
    const ran = await test.run(args);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect([ran.code, ran.stdout, test.files().includes('no.npy')]).toEqual([code, '', false]);
  });

  it('leaves no empty folder where nothing came of it', async () => {
    const ran = await test.run(['vae', 'train', '@none.hdr', '--latent', '2', '--out', '@nothing']);
    expect(ran.code).toBe(3);
    expect(test.files()).not.toContain('nothing');
  });

  it.each([
    ['vae encode @model @own.hdr --out @own.dat', 'would replace'],
    ['vae encode @model @own.dat --out @own.img', 'would replace own.hdr, an input'],
    ['vae encode @model @own.dat --out @own.hdr', 'is no format'],
    ['vae spectrum @model @own.hdr --at 5,5 --out @link.csv', 'would replace own.dat, an input'],
  ])('%s never replaces the cube', async (line, message) => {
    test.cube('own', { lines, samples, bands, stored });
    rmSync(test.at('link.csv'), { force: true });
    linkSync(test.at('own.dat'), test.at('link.csv'));
    const before = ['own.dat', 'own.hdr'].map((name) => readFileSync(test.at(name)));
    const ran = await test.run(line.split(' '));
    expect(ran.code).not.toBe(0);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(['own.dat', 'own.hdr'].map((name) => readFileSync(test.at(name)))).toEqual(before);
  });

  it.each([
    'vae encode @model @own.hdr --out @of.npy',
    'vae spectrum @model @own.hdr --at 5,5 --out @of.csv',
  ])('the recipe of %s names all files of the cube, and a changed one is noticed', async (line) => {
    test.cube('own', { lines, samples, bands, stored });
    expect((await test.run(line.split(' '))).code).toBe(0);
    const recipe = `${line.split('@').at(-1) ?? ''}.recipe.json`;
    expect((await test.run(['replay', `@${recipe}`, '--out', `@${recipe.slice(0, 6)}`])).code).toBe(0);
    const bytes = readFileSync(test.at('own.dat'));
    bytes[40] = (bytes[40] ?? 0) + 1;
    writeFileSync(test.at('own.dat'), bytes);
    const again = await test.run(['replay', `@${recipe}`, '--out', `@${recipe.slice(0, 6)}`]);
    expect(again.code).not.toBe(0);
    expect(again.stderr).toContain('own.dat is not the file');
  });

  it('refuses a model whose weights were changed', async () => {
    const bytes = readFileSync(test.at('model/vae.bin'));
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(test.at('model/vae.bin'), bytes);
    const ran = await test.run(['vae', 'encode', '@model', '@scene.hdr', '--out', '@no.npy']);
    expect([ran.code, ran.stdout]).toEqual([4, '']);
    expect(ran.stderr).toContain('vae.json');
  });
});
