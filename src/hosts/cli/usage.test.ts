import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestRun } from './testRun.ts';

/** Wrong use, wrong files: exit codes, messages, and nothing written. */

const test = new TestRun();
let before: string[] = [];

beforeAll(() => {
  // Two detectors of 15 bands from 400 and 700 nm, band 4 bad, all steps 10 nm.
  const nm = Array.from({ length: 30 }, (_, k) => (k < 15 ? 400 + 10 * k : 700 + 10 * (k - 15)));
  test.cube('c', {
    lines: 3,
    samples: 4,
    bands: 30,
    stored: (line, sample, band) => line + sample + band,
    header: [
      `wavelength = { ${nm.join(', ')} }`,
      'wavelength units = Nanometers',
      `bbl = { ${nm.map((_, k) => (k === 3 ? 0 : 1)).join(', ')} }`,
    ],
  });
  test.cube('plain', { lines: 2, samples: 2, bands: 5, stored: () => 1 });
  test.cube('text', { lines: 2, samples: 2, bands: 5, stored: () => 1, header: ['lines = many'] });
  test.cube('type', { lines: 2, samples: 2, bands: 5, stored: () => 1, header: ['data type = 99'] });
  test.cube('short', { lines: 2, samples: 2, bands: 5, stored: () => 1, header: ['lines = 300'] });
  test.cube('huge', {
    lines: 2,
    samples: 2,
    bands: 5,
    stored: () => 1,
    header: ['samples = 9007199254740993'],
  });
  writeFileSync(
    test.at('orphan.hdr'),
    'ENVI\nsamples = 1\nlines = 1\nbands = 1\ndata type = 1\ninterleave = bsq\n',
  );
  writeFileSync(test.at('nohdr.dat'), Buffer.alloc(64));
  writeFileSync(test.at('empty.tif'), '');
  writeFileSync(test.at('cut.tif'), Buffer.from([0x49, 0x49, 42, 0, 255, 255, 0, 0]));
  writeFileSync(test.at('list.json'), '[1, 2]');
  writeFileSync(test.at('bands.json'), '{"wavelengthsNm": [1, 2, 3]}');
  writeFileSync(test.at('bad.json'), '{"noData": ');
  writeFileSync(test.at('unknown.json'), '{"colour": 3}');
  const recipe = { version: '0.1.0', kind: 'cube', parameters: {}, open: {}, inputs: [{ scene: {} }] };
  writeFileSync(test.at('outside.json'), JSON.stringify({ ...recipe, output: '../outside.dat' }));
  mkdirSync(test.at('folder.tif'));
  before = test.files();
});
afterAll(() => test.close());

/** Runs a command that must fail, print nothing on standard output, say why in one paragraph and write nothing. */
async function refused(args: readonly string[]): Promise<{ code: number; stderr: string }> {
  const { code, stdout, stderr } = await test.run(args);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^cubelens: \S.*\.\n/);
  expect(stderr).not.toMatch(/undefined|\[object|bug of Cubelens/);
  expect(test.files()).toEqual(before);
  return { code, stderr };
}

describe('wrong use ends with exit code 2', () => {
  it.each<[string, string]>([
    // An axis, an edge or a gap mode alone is no filter, in every command that filters.
    ['spectrum @c.dat --at 0,0 --axis band', 'axis'],
    ['spectrum @c.dat --at 0,0 --edge nan', 'edge'],
    ['spectrum @c.dat --at 0,0 --gap strict', 'gap'],
    ['image @c.dat --band 1 --axis band --out @x.tif', 'axis'],
    ['image @c.dat --band 1 --gap refit --out @x.tif', 'gap'],
    ['export @c.dat --edge fit --out @x.tif', 'edge'],
    // --stored with any filter option.
    ['image @c.dat --band 1 --stored --window 5 --out @x.tif', '--stored'],
    ['image @c.dat --band 1 --stored --derivative 1 --out @x.tif', '--stored'],
    ['image @c.dat --band 1 --stored --axis band --out @x.tif', '--stored'],
    ['image @c.dat --rgb 1,2,3 --stored --out @x.tif', '--stored'],
    // Filters that cannot be.
    ['spectrum @c.dat --at 0,0 --window 10', 'odd whole number from 3 to 101, not 10'],
    ['spectrum @c.dat --at 0,0 --window 103', 'from 3 to 101, not 103'],
    ['spectrum @c.dat --at 0,0 --window 1', 'from 3 to 101, not 1'],
    ['spectrum @c.dat --at 0,0 --window -5', 'not -5'],
    ['spectrum @c.dat --at 0,0 --window 5.5', 'not 5.5'],
    ['spectrum @c.dat --at 0,0 --window 1e30', 'not 1e+30'],
    ['spectrum @c.dat --at 0,0 --window five', '--window takes a number, not five'],
    ['spectrum @c.dat --at 0,0 --window', '--window needs a value'],
    ['spectrum @c.dat --at 0,0 --degree 7', '0 to 6'],
    ['spectrum @c.dat --at 0,0 --degree 1e-9', 'whole number'],
    ['spectrum @c.dat --at 0,0 --window 3 --degree 3', 'below the window'],
    ['spectrum @c.dat --at 0,0 --derivative 3', 'must not be above the degree'],
    ['spectrum @c.dat --at 0,0 --derivative 4 --degree 5', '0, 1, 2 or 3'],
    ['export @c.dat --degree 1 --derivative 2 --out @x.tif', 'must not be above the degree'],
    ['image @c.dat --band 9 --window 11 --degree 0 --derivative 1 --out @x.tif', 'above the degree'],
    ['spectrum @c.dat --at 0,0 --window 11 --axis time', '--axis is wavelength or band'],
    ['spectrum @plain.dat --at 0,0 --window 3 --axis wavelength', 'no wavelengths'],
    ['spectrum @c.dat --at 0,0 --window 17', 'window'],
    ['image @c.dat --band 4 --window 5 --out @x.tif', 'it is marked bad'],
    ['image @c.dat --band 2 --window 5 --edge nan --out @x.tif', 'edge'],
    // Places that are not there.
    ['spectrum @c.dat', '--at LINE,SAMPLE is missing'],
    ['spectrum @c.dat --at 3,0', 'no line 3: lines go from 0 to 2'],
    ['spectrum @c.dat --at 0,4', 'no sample 4: samples go from 0 to 3'],
    ['spectrum @c.dat --at -1,0', 'not -1,0'],
    ['spectrum @c.dat --at 1', 'LINE,SAMPLE'],
    ['spectrum @c.dat --at 1,2,3', 'LINE,SAMPLE'],
    ['spectrum @c.dat --at 0.5,1', 'LINE,SAMPLE'],
    ['spectrum @c.dat --at 999999999999999999999,1', 'LINE,SAMPLE'],
    ['stats @c.dat --bands 0', 'Give bands from 1 to 30'],
    ['stats @c.dat --bands 31', 'Give bands from 1 to 30'],
    ['stats @c.dat --bands 2,2', 'twice'],
    ['stats @c.dat --bands one', 'band numbers'],
    ['stats @c.dat', '--bands LIST is missing'],
    ['export @c.dat --bands 29-31 --out @x.tif', 'Give bands from 1 to 30'],
    ['image @c.dat --band 0 --out @x.tif', 'Give bands from 1 to 30'],
    ['image @c.dat --band 31 --out @x.tif', 'Give bands from 1 to 30'],
    ['image @c.dat --band 1,2 --out @x.tif', 'one band number'],
    ['image @c.dat --rgb 1,2 --out @x.png', 'three band numbers'],
    ['image @c.dat --rgb 1,2,3 --colour-map viridis --out @x.png', 'no --colour-map'],
    ['image @c.dat --wavelength 389.9 --out @x.tif', 'the nearest good band, 1, lies at 400 nm'],
    ['image @c.dat --wavelength 851 --out @x.tif', 'the nearest good band, 30, lies at 840 nm'],
    ['image @c.dat --wavelength 620 --out @x.tif', 'No band lies at 620 nm'],
    ['image @c.dat --wavelength green --out @x.tif', '--wavelength takes a number'],
    ['image @plain.dat --wavelength 500 --out @x.tif', 'no wavelengths'],
    // Outputs.
    ['image @c.dat --band 1', '--out FILE is missing'],
    ['image @c.dat --out @x.tif', 'one of --band, --wavelength and --rgb'],
    ['image @c.dat --band 1 --wavelength 400 --out @x.tif', 'one of --band, --wavelength and --rgb'],
    ['image @c.dat --band 1 --out @x.jpg', 'Use .tif, .tiff, .dat, .img, .png, .npy'],
    ['image @c.dat --band 1 --out @x', 'a file without an ending'],
    ['image @c.dat --band 1 --range 1,2 --out @x.tif', '.png output'],
    ['image @c.dat --band 1 --range 1,1 --out @x.png', 'two different numbers'],
    ['image @c.dat --band 1 --colour-map rainbow --out @x.png', 'Use one of gray, viridis'],
    ['image @c.dat --band 1 --out @folder.tif', 'is a folder'],
    ['export @c.dat --out @x.png', 'Use .tif, .tiff, .dat, .img'],
    ['export @c.dat --out @x.hdr', '.hdr is no format'],
    ['export @c.dat --interleave bsx --out @x.dat', '--interleave is bsq or bil or bip'],
    ['export @c.dat', '--out FILE is missing'],
    ['spectrum @c.dat --at 0,0 --out @x.tif', 'Use .csv'],
    ['spectrum @c.dat --at 0,0 --json --out @x.csv', 'choose one'],
    // An input is never replaced, nor its header.
    ['export @c.dat --out @c.dat', ', an input'],
    ['export @c.hdr --out @c.dat', ', an input'],
    ['export @c.dat --out @c.img', ', an input'],
    // Commands, options and files.
    ['frobnicate @c.dat', 'no command frobnicate'],
    ['info @c.dat --window 5', 'no option --window'],
    ['info @c.dat --bogus', 'no option --bogus'],
    ['info @c.dat --json=yes', '--json takes no value'],
    ['info', 'FILE is missing'],
    ['info @c.dat @plain.dat', 'One FILE is expected, not 2'],
    ['info @c.dat --image second', 'no image second'],
    ['info @c.dat --open @bands.json', 'wavelengthsNm has 3 entries, but the cube has 30 bands'],
    ['info @c.dat --open @unknown.json', 'colour'],
    ['replay', 'RECIPE.json is missing'],
    ['backends all', 'takes no file'],
    ['demo @c.dat --out @x.dat', 'takes no file'],
    ['demo --out @x.dat --seed 1.5', 'seed'],
    ['demo --seed 3', '--out FILE is missing'],
  ])('%s', async (line, says) => {
    const { code, stderr } = await refused(line.split(' '));
    expect(stderr).toContain(says);
    expect(code).toBe(2);
    // What to do next: a remedy of its own or the command's help.
    expect(stderr.trimEnd().split('\n').length).toBeGreaterThanOrEqual(2);
  });
});

describe('what is not there ends with exit code 3', () => {
  it.each<[string, string]>([
    ['info @none.dat', 'none.dat does not exist'],
    ['info @none/c.dat', 'c.dat does not exist'],
    ['info @c.dat/x', 'x does not exist'],
    ['info @folder.tif', 'folder.tif is a folder'],
    ['info @orphan.hdr', 'orphan.hdr'],
    ['info @c.dat --open @none.json', 'none.json does not exist'],
    ['export @c.dat --out @none/x.tif', 'none does not exist'],
    ['replay @none.json', 'none.json does not exist'],
  ])('%s', async (line, says) => {
    const { code, stderr } = await refused(line.split(' '));
    expect(stderr).toContain(says);
    expect(code).toBe(3);
  });
});

describe('a file that cannot be read ends with exit code 4', () => {
  it.each<[string, string]>([
    ['info @nohdr.dat', 'no ENVI header'],
    ['info @empty.tif', 'empty.tif is empty'],
    ['info @cut.tif', 'cut.tif'],
    ['info @text.dat', 'lines'],
    ['info @type.dat', '99'],
    ['info @short.dat', 'short.dat'],
    ['info @huge.dat', 'samples'],
    ['info @c.dat --open @list.json', 'not a JSON object'],
    ['info @c.dat --open @bad.json', 'not a JSON object'],
    ['replay @list.json', 'list.json'],
    ['replay @bad.json', 'bad.json'],
    ['replay @c.dat', 'c.dat is not JSON'],
    ['replay @outside.json', 'output: must be a plain file name'],
    ['replay @outside.json --out @x.dat', 'output: must be a plain file name'],
  ])('%s', async (line, says) => {
    const { code, stderr } = await refused(line.split(' '));
    expect(stderr).toContain(says);
    expect(code).toBe(4);
    // What to do next.
    if (line.startsWith('replay')) expect(stderr).toContain('\nChoose a .recipe.json file');
  });
});

describe('Ctrl-C', () => {
  it.each(['info @c.dat', 'stats @c.dat --bands 1', 'export @c.dat --window 5 --out @x.tif'])(
    'before the work begins: %s ends with exit code 130',
    async (line) => {
      const { code, stdout, stderr } = await test.run(line.split(' '), AbortSignal.abort());
      expect([code, stdout, stderr]).toEqual([130, '', 'cubelens: Cancelled: nothing was written.\n']);
      expect(test.files()).toEqual(before);
    },
  );
});
