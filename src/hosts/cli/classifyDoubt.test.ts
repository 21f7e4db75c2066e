import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClassifierApplyResult, ClassifierTrainResult } from '../../engine/contract/classifierJobs.ts';
import { TestRun } from './testRun.ts';
import { percent } from './text.ts';
import { samples, sceneCube, sceneMap } from './testScene.ts';

// What a person is told where the cube, the class map or the model is not quite what it should be.

const test = new TestRun();
afterAll(() => test.close());

const train = (words: string): Promise<ClassifierTrainResult> =>
  test.json<ClassifierTrainResult>(`classify train ${words}`.split(' '));
const apply = (words: string): Promise<ClassifierApplyResult> =>
  test.json<ClassifierApplyResult>(`classify apply ${words}`.split(' '));

/** Changes the text of a file in the folder. */
function edit(name: string, change: (text: string) => string): void {
  const text = readFileSync(test.at(name), 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(test.at(name), changed);
}
/** The scene again, with another header. */
function sceneWith(name: string, change: (header: string) => string): void {
  sceneCube(test, name);
  edit(`${name}.hdr`, change);
}

beforeAll(async () => {
  sceneCube(test, 'scene');
  sceneMap(test);
  await train('@scene.dat --classes @map.dat --epochs 20 --widths 16 --out @model');
});

describe('a cube to classify', () => {
  it('has pixels with an undeclared fill value: they are unclassified, and counted', async () => {
    test.cube('filled', { lines: 2, samples: 3, bands: 6, stored: () => 0 });
    edit('filled.hdr', (text) => text.replace('data type = 12', 'data type = 4'));
    const numbers = new Float32Array(36).fill(1000);
    for (let band = 0; band < 6; band++) numbers.fill(-3.4028235e38, 6 * band, 6 * band + 2);
    writeFileSync(test.at('filled.dat'), new Uint8Array(numbers.buffer));
    const { classes, notes } = await apply('@model @filled.dat --out @filled.npy');
    expect(classes[0]?.pixels).toBe(2);
    expect(notes.join()).toContain('which is no measurement: 2. Declare it in the header');
    expect(notes).toContain('Wavelengths could not be compared: filled.dat has none.');
  });

  it('has no value anywhere in a band: nothing is written', async () => {
    test.cube('empty', {
      lines: 3,
      samples: 4,
      bands: 6,
      stored: (_, sample, band) => (band === 2 || band === 4 ? 7 : 100 * sample),
      header: ['data ignore value = 7'],
    });
    const before = test.files();
    const { code, stderr } = await test.run('classify apply @model @empty.dat --out @empty.npy'.split(' '));
    expect([code, test.files()]).toEqual([6, before]);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('none at all in band 3, band 5');
  });

  it('marks bands as bad, has others, or lies beyond the lines that were seen', async () => {
    sceneWith('bad', (text) => `${text}bbl = { 1, 1, 0, 1, 1, 1 }\n`);
    expect((await apply('@model @bad.dat --out @bad.npy')).notes).toEqual([
      'bad.dat marks bands as bad that the classifier takes: band 3.',
    ]);
    sceneCube(test, 'wide', 8);
    expect((await apply('@model @wide.dat --out @wide.npy')).notes).toEqual([
      'The classifier was trained on a cube of 6 bands; wide.dat has 8: the same numbers may be other bands.',
    ]);
    await train('@scene.dat --classes @map.dat --aux position --epochs 2 --out @placed');
    expect((await apply('@placed @scene.dat --out @p.npy')).notes).toEqual([]);
    sceneCube(test, 'long', 6, 35);
    expect((await apply('@placed @long.dat --out @p.npy')).notes.join()).toContain(
      `has seen lines 0 to 29 and samples 0 to ${samples - 1}; long.dat has 35 lines`,
    );
  });
});

describe('a class map', () => {
  it('keeps its codes and colours in the class image, also where a class has no pixels', async () => {
    sceneMap(test);
    edit('map.hdr', (text) =>
      text
        .replace('classes = 4', 'classes = 6')
        .replace(
          '{ none, Tree, Water, Dry }',
          '{ none, Tree, Road, Water, Background, Dry }\nclass lookup = { 0,0,0, 40,120,40, 9,9,9, 40,90,200, 1,1,1, 150,100,50 }',
        ),
    );
    const codes = Array.from(readFileSync(test.at('map.dat')), (code) => [0, 1, 3, 5][code] ?? 0);
    // The last line is background.
    codes.fill(4, 2 * 29 * samples);
    writeFileSync(
      test.at('map.dat'),
      Uint8Array.from(codes, (code, k) => (k % 2 === 0 ? code : 0)),
    );
    const { answer, table } = await train(
      '@scene.dat --classes @map.dat --epochs 60 --widths 32 --block-side 5 --rate 0.005 --batch 64 --out @coded',
    );
    expect(answer.classes.map(({ name }) => name)).toEqual(['Tree', 'Water', 'Dry']);
    expect(table.notes).toContain(`Class 4 "Background" of map.dat counts as no class: ${samples} pixels.`);
    expect([table.rows, table.labelled]).toEqual([30 * samples - 1, 27 * samples - 1]);
    const { classes } = await apply('@coded @scene.dat --out @coded.dat');
    expect(classes.map(({ name, rgb }) => [name, ...rgb])).toEqual([
      ['Unclassified', 0, 0, 0],
      ['Tree', 40, 120, 40],
      ['Road', 9, 9, 9],
      ['Water', 40, 90, 200],
      ['Background', 1, 1, 1],
      ['Dry', 150, 100, 50],
    ]);
    expect([...new Set(readFileSync(test.at('coded.dat')))].sort()).toEqual([0, 1, 3, 5]);
    expect(readFileSync(test.at('coded.hdr'), 'utf8')).toContain('40, 90, 200');
    // Older files say nothing of the map, nor of the sum of the weights.
    edit('coded/cubelens.json', (text) =>
      JSON.stringify({ ...(JSON.parse(text) as object), map: undefined, weightsSha256: undefined }),
    );
    const older = await apply('@coded @scene.dat --out @older.dat');
    expect(older.classes.map(({ name }) => name)).toEqual(['Unclassified', 'Tree', 'Water', 'Dry']);
  });

  it('has a name for code 0 that may be the one of a class, or no labelled pixel at all', async () => {
    sceneMap(test);
    edit('map.hdr', (text) => text.replace('{ none,', '{ Rock,'));
    const { table } = await train('@scene.dat --classes @map.dat --epochs 2 --widths none --out @rock');
    expect(table.notes).toContain(`Class 0 "Rock" of map.dat counts as no class: ${2 * samples} pixels.`);
    writeFileSync(test.at('map.dat'), new Uint8Array(2 * 30 * samples));
    const { code, stderr } = await test.run(
      'classify train @scene.dat --classes @map.dat --out @never'.split(' '),
    );
    expect([code, stderr]).toEqual([6, expect.stringContaining('map.dat: no pixel has a class')]);
  });
});

describe('a CSV', () => {
  it('holds no class name that a spreadsheet would run', async () => {
    sceneMap(test);
    edit('map.hdr', (text) => text.replace('Water', '=2+3'));
    await train('@scene.dat --classes @map.dat --epochs 5 --out @formula');
    await apply('@formula @scene.dat --out @formula.csv');
    expect(readFileSync(test.at('formula.csv'), 'utf8')).toContain(",'=2+3,");
  });
});

describe('what is printed of a training', () => {
  it('calls only all of them 100 %', () => {
    expect([null, 0, 2356 / 2357, 1].map(percent)).toEqual(['-', '0.0 %', '99.9 %', '100.0 %']);
  });

  it('says how it was judged, and how much of what was read it has learnt from', async () => {
    sceneMap(test);
    const blocks = await test.run(
      'classify train @scene.dat --classes @map.dat --epochs 1 --out @printed'.split(' '),
    );
    expect(blocks.stdout).toMatch(/^Trained on \d+ of 1119 labelled samples of 6 columns with .* 1 epoch,/);
    expect(blocks.stdout).toMatch(/^Stopped by \d+ further samples$/m);
    expect(blocks.stdout).toMatch(/^Judged by \d+ samples of blocks of the scene that were held out$/m);
    const { size } = statSync(test.at('printed/model.json'));
    expect(blocks.stdout).toContain(`Wrote model.json (${size} bytes)`);
    const rows = Array.from(
      { length: 200 },
      (_, k) => `${k % 2 === 0 ? 'low' : 'high'}\t${(k % 2) * 5 + (k % 7)}`,
    );
    writeFileSync(test.at('rows.tsv'), `class\ta\n${rows.join('\n')}\n`);
    const single = await test.run('classify train @rows.tsv --epochs 3 --out @single'.split(' '));
    expect(single.stdout).toContain('labelled samples of 1 column with');
    expect(single.stdout).toMatch(/^Judged by \d+ samples drawn one by one that were held out$/m);
  });
});

describe('a model', () => {
  it('is named with its folder', async () => {
    const { stderr } = await test.run('classify apply @nowhere @scene.dat --out @n.npy'.split(' '));
    expect(stderr).toContain('nowhere/model.json');
    edit('placed/cubelens.json', (text) => text.replace('"version":1', '"version":9'));
    const weights = test.at('model/group1-shard1of1.bin');
    const own = readFileSync(weights);
    truncateSync(weights, 2 ** 28 + 5);
    const large = await test.run('classify apply @model @scene.dat --out @n.npy'.split(' '));
    expect(large.stderr.replaceAll(/\s+/g, ' ')).toContain('model/group1-shard1of1.bin has 268435461 bytes');
    writeFileSync(weights, own);
    const changed = readFileSync(weights);
    changed.writeFloatLE(0.5, 0);
    writeFileSync(weights, changed);
    const swapped = await test.run('classify apply @model @scene.dat --out @n.npy'.split(' '));
    expect(swapped.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'holds other weights than those it was saved with',
    );
    const damaged = await test.run('classify apply @placed @scene.dat --out @n.npy'.split(' '));
    expect(damaged.stderr.replaceAll(/\s+/g, ' ')).toContain('placed: cubelens.json: version does not fit');
  });
});
