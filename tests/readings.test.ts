import type { InfoJson, StatisticsJson } from '../src/hosts/cli/json.ts';
import type { SpectrumResult } from '../src/engine/contract/spectra.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { writeTiff, type TestImage } from '../src/engine/cube/formats/geotiff/testWriter.ts';
import { TestRun } from '../src/hosts/cli/testRun.ts';

// Files that were once read wrongly without a word, each made here: what is read, and that it is said wherever a result
// depends on it.

const cli = new TestRun();
afterAll(() => cli.close());

const bands = 15;
const nm = Array.from({ length: bands }, (_, k) => 500 + 10 * k);
const wavelengths = ['wavelength units = Nanometers', `wavelength = {${nm.join(', ')}}`];
const stored = (line: number, sample: number, band: number): number => 100 * band + 10 * line + sample;

function make(name: string, header: readonly string[], add = 0): void {
  const shifted = (line: number, sample: number, band: number): number => stored(line, sample, band) + add;
  cli.cube(name, { lines: 3, samples: 4, bands, stored: shifted, header });
}

/** The infos, spectrum and statistics of a file, and what each command said on standard error. */
async function readAll(file: string, options: readonly string[] = []) {
  const info = await cli.json<InfoJson>(['info', file, ...options]);
  const spectrum = await cli.run(['spectrum', file, '--at', '1,2', '--window', '5', ...options, '--json']);
  const stats = await cli.run(['stats', file, '--bands', '1', ...options, '--json']);
  const image = await cli.run([
    'image',
    file,
    '--band',
    '8',
    '--window',
    '5',
    ...options,
    '--out',
    '@out.npy',
  ]);
  return {
    info,
    spectrum: JSON.parse(spectrum.stdout) as SpectrumResult,
    stats: JSON.parse(stats.stdout) as StatisticsJson,
    said: { spectrum: spectrum.stderr, stats: stats.stderr, image: image.stderr },
  };
}

const fields = (info: InfoJson): string[] => info.assumptions.map(({ field }) => field);

describe('assumptions', () => {
  it('reach the person with every result that they touch', async () => {
    make('short', ['wavelength units = Nanometers', `wavelength = {${nm.slice(0, 13).join(', ')}}`]);
    const { info, spectrum, stats, said } = await readAll('@short.hdr');
    const [assumption] = info.assumptions;
    expect(assumption).toMatchObject({ field: 'wavelength', value: 'ignored' });
    expect(assumption?.why).toBe('The list has 13 entries, the cube 15 bands.');
    expect(spectrum.assumptions).toEqual(info.assumptions);
    expect(stats.assumptions).toEqual(info.assumptions);
    const line = `Assumed wavelength: ignored. ${assumption?.why ?? ''}\n`;
    expect(said.spectrum).toBe(line);
    expect(said.image).toBe(line);
    // Sums of stored numbers do not depend on wavelengths.
    expect(said.stats).toBe('');
    const replayed = await cli.run(['replay', '@out.npy.recipe.json', '--out', '@again.npy']);
    expect(replayed.stderr).toBe(line);
  });

  it('are not said again where the person stated them', async () => {
    make('stated', []);
    writeFileSync(cli.at('nm.json'), JSON.stringify({ wavelengthsNm: nm }));
    const { info, said } = await readAll('@stated.hdr', ['--open', '@nm.json']);
    expect(fields(info)).toEqual(['wavelengthsNm']);
    expect(said).toEqual({ spectrum: '', stats: '', image: '' });
  });
});

describe('ENVI', () => {
  it('a data file with a header of its own belongs to that one', async () => {
    make('two', wavelengths);
    make('other', wavelengths, 1000);
    writeFileSync(cli.at('two.img'), readFileSync(cli.at('other.dat')));
    writeFileSync(cli.at('two.img.hdr'), readFileSync(cli.at('other.hdr')));
    const { spectrum, info } = await readAll('@two.hdr');
    expect(info.file).toBe('two.dat');
    expect(info.assumptions).toEqual([]);
    expect(spectrum.pixels[0]?.stored[0]).toBe(12);
    expect((await readAll('@two.img')).spectrum.pixels[0]?.stored[0]).toBe(1012);
    expect((await readAll('@two.img.hdr')).spectrum.pixels[0]?.stored[0]).toBe(1012);
    expect((await readAll('@two.dat')).spectrum.pixels[0]?.stored[0]).toBe(12);
  });

  it('of several data files that fit, the choice and those left aside are said', async () => {
    make('several', wavelengths);
    writeFileSync(cli.at('several.raw'), readFileSync(cli.at('several.dat')));
    const { info, said } = await readAll('@several.hdr');
    expect(info.file).toBe('several.dat');
    expect(info.assumptions[0]).toMatchObject({ field: 'data file', value: 'several.dat' });
    expect(info.assumptions[0]?.why).toContain('several.raw left aside');
    expect(said.stats).toContain('Assumed data file: several.dat.');
  });

  it('a list without its brace ends before the next known key', async () => {
    make('open', [
      'description = {scan 1',
      'reflectance scale factor = 10000',
      'data ignore value = 99',
      ...wavelengths,
    ]);
    const { info, said } = await readAll('@open.hdr');
    expect(info).toMatchObject({ scale: 0.0001, noDataValue: 99, wavelengthsNm: nm });
    expect(info.assumptions[0]).toMatchObject({ field: 'description', value: 'ends before row 10' });
    expect(info.assumptions[0]?.why).toMatch(/"description" in row 9 .*"reflectance scale factor" in row 10/);
    expect(said.stats).toContain('Assumed description: ends before row 10.');
  });

  it('a broken header is named also where the data file is opened', async () => {
    make('broken', [...wavelengths, 'coordinate system string = {PROJCS["x']);
    for (const file of ['@broken.hdr', '@broken.dat']) {
      const { code, stderr } = await cli.run(['info', file]);
      expect(code).toBe(4);
      expect(stderr).toContain(
        'broken.hdr, row 11: the list of "coordinate system string" has no closing brace.',
      );
    }
  });

  it('wavelengths that no instrument has are taken as stated, with a doubt', async () => {
    make('micro', [
      'wavelength units = Nanometers',
      `wavelength = {${nm.map((one) => one / 1000).join(', ')}}`,
    ]);
    const { info, said } = await readAll('@micro.hdr');
    expect(info.wavelengthsNm?.[0]).toBe(0.5);
    expect(info.assumptions).toMatchObject([{ field: 'wavelengthsNm', value: 'doubtful' }]);
    expect(said.spectrum).toMatch(/outside 100 nm to 1 mm.*open with wavelengthsNm/);
    writeFileSync(cli.at('right.json'), JSON.stringify({ wavelengthsNm: nm }));
    const corrected = await cli.json<InfoJson>(['info', '@micro.hdr', '--open', '@right.json']);
    expect(corrected.assumptions.map(({ value }) => value)).toEqual(['15 values']);
  });

  it.each([
    ['{True, True, True, False, False, True, True, True, True, True, True, True, True, True, True}'],
    ["{'true', yes, Good, BAD, no, 1, 1.0, 1, 1, 1, 1, 1, 1, 1, 1}"],
    ['{1, 1, 1, 0, 0.0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}'],
  ])('good bands as words or numbers: %s', async (list) => {
    make('words', [...wavelengths, `bbl = ${list}`]);
    const { info } = await readAll('@words.hdr');
    expect(info.bandIsGood.flatMap((good, k) => (good ? [] : [k + 1]))).toEqual([4, 5]);
    expect(info.assumptions).toEqual([]);
  });

  it('a gain of 0 is no gain', async () => {
    make('zero', [...wavelengths, `data gain values = {${nm.map(() => 0).join(', ')}}`]);
    const all = await readAll('@zero.hdr');
    expect(all.info.scale).toBeNull();
    expect(all.spectrum.pixels[0]?.values[3]).toBe(312);
    expect(all.said.stats).toContain('Assumed data gain values: ignored.');
    make('some', [
      ...wavelengths,
      `data gain values = {${nm.map((_, k) => (k === 1 ? 0 : 0.5)).join(', ')}}`,
    ]);
    const some = await readAll('@some.hdr');
    expect((some.info.scale as unknown[]).slice(0, 3)).toEqual([0.5, null, 0.5]);
    expect(some.info.assumptions).toMatchObject([{ value: 'ignored for these bands' }]);
    writeFileSync(cli.at('zero.json'), '{"scale": 0}');
    expect((await cli.run(['info', '@zero.hdr', '--open', '@zero.json'])).code).toBe(2);
  });

  it('wavelengths that only the band names state', async () => {
    make('named', [`band names = {${nm.map((one, k) => `Band ${k + 1} (${one}.000000)`).join(', ')}}`]);
    const { info, spectrum } = await readAll('@named.hdr');
    expect(info.wavelengthsNm).toEqual(nm);
    expect(info.assumptions).toContainEqual(
      expect.objectContaining({ field: 'wavelength', value: 'from the band names' }),
    );
    expect(spectrum.filter?.axis).toBe('wavelength');
  });

  it("what only GDAL's sidecar states", async () => {
    make('aux', wavelengths);
    const band = (number: number): string =>
      `<PAMRasterBand band="${number}"><Description>sidecar ${number}</Description>` +
      '<NoDataValue>1.20000000000000E+01</NoDataValue><Scale>0.5</Scale><Offset>2</Offset></PAMRasterBand>';
    writeFileSync(
      cli.at('aux.dat.aux.xml'),
      `<PAMDataset>${nm.map((_, k) => band(k + 1)).join('')}</PAMDataset>`,
    );
    const { info, spectrum, stats, said } = await readAll('@aux.hdr');
    expect(info).toMatchObject({ noDataValue: 12, scale: 0.5, offset: 2 });
    expect(info.bandNames?.[2]).toBe('sidecar 3');
    expect(fields(info)).toEqual(['noDataValue', 'scale', 'offset', 'bandNames']);
    // Stored 12 at line 1, sample 2 of band 1 is nodata; band 2 there is 112 x 0.5 + 2.
    expect(spectrum.pixels[0]?.values.slice(0, 2)).toEqual([null, 58]);
    expect(stats.bands[0]?.count).toBe(11);
    expect(said.stats).toContain('Assumed noDataValue: 12. Stated in aux.dat.aux.xml only.');
    const recipe = JSON.parse(readFileSync(cli.at('out.npy.recipe.json'), 'utf8')) as {
      inputs: { path: string }[];
    };
    expect(recipe.inputs.map(({ path }) => path)).toContain('aux.dat.aux.xml');
  });

  it('channels that band names leave out end segments where the person asks for it', async () => {
    const channels = nm.map((_, k) => `AVIRIS channel ${k < 6 ? k + 4 : k + 9}`);
    make('channels', [`band names = {${channels.join(', ')}}`]);
    const { info, spectrum, said } = await readAll('@channels.hdr');
    expect(info.segments).toMatchObject([{ firstBand: 1, lastBand: 15 }]);
    expect(spectrum.pixels[0]?.edge[5]).toBe(false);
    expect(said.spectrum).toContain('leave out 10 to 14 (after band 6)');
    expect(said.spectrum).toContain('{"joins": [6]}');
    writeFileSync(cli.at('joins.json'), '{"joins": [6]}');
    const joined = await readAll('@channels.hdr', ['--open', '@joins.json']);
    expect(joined.info.segments).toMatchObject([
      { firstBand: 1, lastBand: 6 },
      { firstBand: 7, lastBand: 15 },
    ]);
    expect(joined.spectrum.pixels[0]?.edge[5]).toBe(true);
    expect(joined.said.spectrum).toBe('');
    writeFileSync(cli.at('outside.json'), '{"joins": [15]}');
    const outside = await cli.run(['info', '@channels.hdr', '--open', '@outside.json']);
    expect(outside).toMatchObject({ code: 2 });
    expect(outside.stderr).toContain('cannot end after band 15');
    writeFileSync(cli.at('none.json'), '{"joins": [0]}');
    expect((await cli.run(['info', '@channels.hdr', '--open', '@none.json'])).code).toBe(4);
  });
});

describe('GeoTIFF', () => {
  const item = (name: string, sample: number, text: string): string =>
    `<Item name="${name}" sample="${sample}">${text}</Item>`;

  function tiff(name: string, items: string): void {
    const pixels = Uint16Array.from({ length: 36 }, (_, i) => i);
    const image: TestImage = {
      lines: 3,
      samples: 4,
      bands: 3,
      dataType: 'uint16',
      pixels,
      planar: 'contiguous',
      compression: 'none',
      predictor: 1,
      tags: [{ tag: 42112, type: 2, values: `<GDALMetadata>${items}</GDALMetadata>` }],
    };
    writeFileSync(cli.at(name), writeTiff([image]));
  }

  it('wavelengths with their unit in the same text', async () => {
    tiff('unit.tif', [0, 1, 2].map((k) => item('wavelength', k, `${500 + 10 * k} nm`)).join(''));
    const info = await cli.json<InfoJson>(['info', '@unit.tif']);
    expect(info.wavelengthsNm).toEqual([500, 510, 520]);
    expect(info.assumptions).toEqual([]);
  });

  it('what cannot be read as a wavelength is said with its text', async () => {
    tiff(
      'text.tif',
      [0, 1, 2].map((k) => item('wavelength', k, k === 1 ? 'green' : `${500 + k} nm`)).join(''),
    );
    const info = await cli.json<InfoJson>(['info', '@text.tif']);
    expect(info.wavelengthsNm).toEqual([500, null, 502]);
    expect(info.assumptions[0]?.why).toBe(
      'The band metadata give "green" for bands 2: not one wavelength a band.',
    );
  });

  it('good bands by the same words as in ENVI', async () => {
    tiff('good.tif', ['True', 'False', 'bad'].map((text, k) => item('bbl', k, text)).join(''));
    expect((await cli.json<InfoJson>(['info', '@good.tif'])).bandIsGood).toEqual([true, false, false]);
  });
});

it('control characters of a file never reach the terminal', async () => {
  make('red', [
    ...wavelengths.map((line) => line.replace('Nanometers', '\u001b[31mred\u0007\u009b')),
    'default bands = {\u001b[2J}',
  ]);
  const info = await cli.run(['info', '@red.hdr']);
  const { said, info: asJson } = await readAll('@red.hdr');
  expect(asJson.wavelengthUnits).toBe('\u001b[31mred\u0007\u009b');
  make('broken', ['byte order = \u001b[2J']);
  const { stderr } = await cli.run(['info', '@broken.hdr']);
  for (const text of [info.stdout, said.spectrum, stderr]) {
    expect(text).toContain('\\u001b[');
    expect(text).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
  }
});
