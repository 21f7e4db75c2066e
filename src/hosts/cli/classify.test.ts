import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClassifierApplyResult, ClassifierTrainResult } from '../../engine/contract/classifierJobs.ts';
import { TestRun } from './testRun.ts';
import { bands, samples, sceneCube, sceneMap, truth } from './testScene.ts';

const test = new TestRun();
afterAll(() => test.close());

let trained: ClassifierTrainResult;
beforeAll(async () => {
  sceneCube(test, 'scene');
  sceneMap(test);
  trained = await test.json<ClassifierTrainResult>(
    'classify train @scene.dat --classes @map.dat --epochs 60 --widths 32 --out @model'.split(' '),
  );
});

const apply = (out: string): Promise<ClassifierApplyResult> =>
  test.json<ClassifierApplyResult>(['classify', 'apply', '@model', '@scene.dat', '--out', `@${out}`]);
const bytes = (name: string): Buffer => readFileSync(test.at(name));
describe('classify train', () => {
  it('learns the classes and writes a model', async () => {
    expect(readdirSync(test.at('model')).sort()).toEqual([
      'cubelens.json',
      'group1-shard1of1.bin',
      'model.json',
      'model.json.recipe.json',
    ]);
    expect(trained.answer.accuracy).toBeGreaterThan(0.98);
    expect(trained.answer.classes.map(({ name }) => name)).toEqual(['Tree', 'Water', 'Dry']);
    expect(trained.answer.notes).toContain(`Rows without a class: ${2 * samples}; they are not learnt from.`);
    expect(trained.answer.losses).toHaveLength(trained.answer.epochs);
    expect(trained.written.files[0]).toBe('model.json');
  });

  it('prints accuracy and confusion, and takes the position and a CSV', async () => {
    const placed = await test.run(
      'classify train @scene.dat --classes @map.dat --aux position --epochs 5 --out @placed'.split(' '),
    );
    expect(placed.code).toBe(0);
    expect(placed.stdout).toMatch(/^Accuracy [\d.]+ %, balanced accuracy [\d.]+ %$/m);
    expect(placed.stdout).toMatch(/^ *3 Dry( +\d+){3} +[\d.]+ % +[\d.]+ %$/m);
    const applied = await test.run(['classify', 'apply', '@placed', '@scene.dat', '--out', '@placed.npy']);
    expect(applied.code).toBe(0);
    expect(applied.stdout).toMatch(/^ *2 +Water +#56b4e9 +\d+ +[\d.]+ %$/m);
    const rows = Array.from({ length: 400 }, (_, k) =>
      [k % 2 === 0 ? 'low' : 'high', ...[0, 1].map(() => String((k % 2) * 5 + Math.sin(1e5 * k * k)))].join(
        ',',
      ),
    );
    writeFileSync(test.at('table.csv'), `class,a,b\r\n${rows.join('\r\n')}\r\n`);
    const answer = await test.json<ClassifierTrainResult>(
      'classify train @table.csv --aux b --epochs 20 --out @ofTable'.split(' '),
    );
    expect(answer.answer.accuracy).toBeGreaterThan(0.95);
  });

  it('a recipe trains the same classifier again, in another folder', async () => {
    mkdirSync(test.at('replayed'));
    const ran = await test.run('replay @model/model.json.recipe.json --out @replayed/model.json'.split(' '));
    expect(ran.code).toBe(0);
    for (const name of ['model.json', 'group1-shard1of1.bin', 'cubelens.json']) {
      expect(bytes(join('replayed', name)).equals(bytes(join('model', name)))).toBe(true);
    }
    const again = await test.run('replay @model/model.json.recipe.json'.split(' '));
    expect(again.stderr).toContain('holds a model already');
  });

  it('gives the same files for the same seed', async () => {
    await test.json(
      'classify train @scene.dat --classes @map.dat --epochs 60 --widths 32 --out @again'.split(' '),
    );
    for (const name of readdirSync(test.at('model'))) {
      expect(bytes(join('again', name)).equals(bytes(join('model', name)))).toBe(true);
    }
  });

  it.each([
    [['train', '@scene.dat', '--classes', '@map.dat', '--out', '@model'], 2, 'holds a model already'],
    [['train', '@scene.dat', '--classes', '@map.dat', '--out', '@scene.dat'], 2, 'is a file'],
    [['train', '@scene.dat', '--out', '@new'], 2, '--classes MAP is missing'],
    [['train', '@scene.dat', '--classes', '@map.dat'], 2, '--out'],
    [['train', '@scene.dat', '--classes', '@scene.dat', '--out', '@new'], 2, 'names no classes'],
    [['train', '@scene.dat', '--classes', '@map.dat', '--epochs', '0', '--out', '@new'], 2, '--epochs'],
    [['train', '@scene.dat', '--classes', '@map.dat', '--widths', '3,x', '--out', '@new'], 2, '--widths'],
    [['train', '@scene.dat', '--classes', '@map.dat', '--aux', 'band 99', '--out', '@new'], 2, 'band 99'],
    [
      ['train', '@scene.dat', '--classes', '@map.dat', '--epochs', '99999', '--out', '@new'],
      2,
      '--epochs is a whole number from 1 to 10000, not 99999',
    ],
    [
      ['train', '@scene.dat', '--classes', '@map.dat', '--widths', '9999', '--out', '@new'],
      2,
      'whole numbers from 1 to 1024, at most 8',
    ],
    [
      ['train', '@scene.dat', '--classes', '@map.dat', '--seed', '9007199254740993', '--out', '@new'],
      2,
      'not 9007199254740993',
    ],
    [['train', '@scene.dat', '--classes', '@map.dat', '--rate', '0', '--out', '@new'], 2, '--rate'],
    [['train', '@scene.dat', '--classes', '@map.dat', '--batch', '0.5', '--out', '@new'], 2, '--batch'],
    [
      ['train', '@scene.dat', '--classes', '@map.dat', '--block-side', '0', '--out', '@new'],
      2,
      '--block-side',
    ],
    [['apply', '@model', '@scene.dat', '--out', '@x.tif', '--block-side', '3'], 2, '--block-side'],
    [['train', '@none.tsv', '--out', '@new'], 3, 'none.tsv'],
    [['apply', '@model', '@scene.dat'], 2, '--out'],
    [['apply', '@model', '@scene.dat', '--out', '@x.jpg'], 2, 'no format'],
    [['apply', '@model', '@scene.dat', '--out', '@x.tif', '--epochs', '3'], 2, '--epochs'],
    [['apply', '@nowhere', '@scene.dat', '--out', '@x.tif'], 3, 'model.json does not exist'],
    [['apply', '@model', '@scene.dat', '--out', '@scene.dat'], 2, 'an input'],
    [['apply', '@model', '@scene.dat', '--out', '@scene.img'], 2, 'scene.hdr'],
    [['guess'], 2, 'no guess'],
    [[], 2, 'train or apply'],
  ] as [string[], number, string][])('refuses %j', async (args, code, message) => {
    const before = test.files();
    const ran = await test.run(['classify', ...args]);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
    expect(test.files()).toEqual(before);
  });
});

describe('classify apply', () => {
  it('writes an ENVI classification with names and colours', async () => {
    const { classes, written } = await apply('c.dat');
    expect(written.files).toEqual(['c.dat', 'c.hdr', 'c.dat.recipe.json']);
    const found = [...bytes('c.dat')];
    expect(found[4 * samples + 7]).toBe(0);
    const right = found.filter((code, p) => code === truth[p]).length;
    expect(right / truth.length).toBeGreaterThan(0.99);
    expect(classes.map(({ pixels }) => pixels)).toEqual(
      [0, 1, 2, 3].map((code) => found.filter((one) => one === code).length),
    );
    const header = bytes('c.hdr').toString();
    expect(header).toContain('file type = ENVI Classification');
    expect(header).toContain('class names = {Unclassified, Tree, Water, Dry}');
    expect(header).toContain('class lookup = {0, 0, 0, 230, 159, 0, 86, 180, 233, 0, 158, 115}');
    expect(header).toContain('map info = {UTM');
    expect(await test.done(`info ${test.at('c.dat')}`)).toContain('0 Unclassified, 1 Tree, 2 Water, 3 Dry');
  });

  it('writes the same codes as GeoTIFF, NPY and CSV, and a picture', async () => {
    await apply('c.dat');
    const codes = bytes('c.dat');
    const { notes } = await apply('c.tif');
    expect(notes).toEqual([]);
    expect(bytes('c.tif').toString('latin1')).toContain('>{Unclassified, Tree, Water, Dry}</Item>');
    expect(await test.done(`info ${test.at('c.tif')}`)).toMatch(/30 lines x 40 samples x 1 band[^]*WGS/);
    expect(bytes('c.tif').subarray(-codes.length).equals(codes)).toBe(true);
    await apply('c.npy');
    expect(bytes('c.npy').toString('latin1')).toContain(
      "'descr': '|u1', 'fortran_order': False, 'shape': (30, 40)",
    );
    expect(bytes('c.npy').subarray(-codes.length).equals(codes)).toBe(true);
    await apply('c.csv');
    const rows = bytes('c.csv').toString().trim().split('\r\n');
    expect(rows[0]).toBe('line,sample,class,probability');
    expect(rows).toHaveLength(1 + codes.length);
    expect(rows[1 + 4 * samples + 7]).toBe('4,7,,');
    const classNames = ['', 'Tree', 'Water', 'Dry'];
    for (const [p, row] of rows.slice(1).entries()) {
      const [line, sample, name, probability] = row.split(',');
      expect([Number(line), Number(sample), name]).toEqual([
        Math.floor(p / samples),
        p % samples,
        classNames[codes[p] ?? 0],
      ]);
      if (name !== '') expect(Number(probability)).toBeGreaterThan(1 / 3);
    }
    await apply('c.png');
    expect(bytes('c.png').subarray(0, 26).toString('hex')).toBe(
      '89504e470d0a1a0a0000000d49484452000000280000001e0806',
    );
  });

  it.each(['dat', 'tif', 'png', 'npy', 'csv'])('is repeated by its recipe as .%s', async (ending) => {
    await apply(`r.${ending}`);
    const again = await test.run(['replay', `@r.${ending}.recipe.json`, '--out', `@s.${ending}`]);
    expect(again.code).toBe(0);
    expect(bytes(`s.${ending}`).equals(bytes(`r.${ending}`))).toBe(true);
    if (ending === 'dat') expect(bytes('s.hdr').equals(bytes('r.hdr'))).toBe(true);
    const recipe = JSON.parse(bytes(`r.${ending}.recipe.json`).toString()) as {
      kind: string;
      inputs: { path: string }[];
    };
    expect(recipe.kind).toBe('classes');
    expect(recipe.inputs.map(({ path }) => path)).toEqual([
      'model/model.json',
      'model/group1-shard1of1.bin',
      'model/cubelens.json',
      'scene.dat',
      'scene.hdr',
    ]);
  });

  it('refuses a cube that does not fit, and a recipe whose model has changed', async () => {
    sceneCube(test, 'narrow', 4);
    const narrow = await test.run(['classify', 'apply', '@model', '@narrow.dat', '--out', '@n.tif']);
    expect([narrow.code, test.files().filter((name) => name.startsWith('n.'))]).toEqual([2, []]);
    expect(narrow.stderr).toContain('takes band 5; narrow.dat has 4');
    await apply('r.npy');
    const recipe = bytes('r.npy.recipe.json').toString().replaceAll('model/', 'placed/');
    writeFileSync(test.at('t.npy.recipe.json'), recipe);
    const other = await test.run(['replay', '@t.npy.recipe.json', '--out', '@t.npy']);
    expect(other.code).toBe(4);
    expect(existsSync(test.at('t.npy'))).toBe(false);
  });
});

describe('cancelled', () => {
  /** Runs until `isUnderWay`, then presses Ctrl-C. */
  async function interrupted(args: string[], isUnderWay: () => boolean): Promise<number> {
    const controller = new AbortController();
    const timer = setInterval(() => {
      if (isUnderWay()) controller.abort();
    }, 2);
    const { code } = await test.run(args, controller.signal);
    clearInterval(timer);
    return code;
  }

  it('training leaves nothing, not even its folder', async () => {
    const before = test.files();
    const started = performance.now();
    const args =
      'classify train @scene.dat --classes @map.dat --epochs 9999 --widths 1024,1024,1024 --out @cut'.split(
        ' ',
      );
    expect(await interrupted(args, () => performance.now() - started > 500)).toBe(130);
    expect(test.files()).toEqual(before);
  });

  it('applying leaves nothing', async () => {
    sceneCube(test, 'tall', bands, 3000);
    const before = test.files();
    const isWriting = (): boolean => readdirSync(test.folder).some((name) => name.endsWith('.part'));
    const args = ['classify', 'apply', '@model', '@tall.dat', '--out', '@tall.csv'];
    expect(await interrupted(args, isWriting)).toBe(130);
    expect(test.files()).toEqual(before);
  });
});

const jasper = join(
  resolve(process.env['CUBELENS_DATA'] ?? join(import.meta.dirname, '../../../../shared/data')),
  'jasper_ridge',
);
describe.skipIf(!existsSync(jasper))('of a real scene', () => {
  it('held-out pixels get their class', async () => {
    const { answer } = await test.json<ClassifierTrainResult>([
      ...['classify', 'train', join(jasper, 'jasper_ridge_aviris.img')],
      ...['--classes', join(jasper, 'jasper_ridge_classes.img'), '--epochs', '15', '--out', '@jasper'],
    ]);
    expect(answer.accuracy).toBeGreaterThanOrEqual(0.9);
    expect(answer.balancedAccuracy).toBeGreaterThanOrEqual(0.9);
    expect(answer.classes).toHaveLength(4);
  });
});
