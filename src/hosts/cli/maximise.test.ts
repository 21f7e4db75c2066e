import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { MaximiseAnswer } from '../../engine/contract/maximise.ts';
import { TestRun } from './testRun.ts';

const test = new TestRun();
afterAll(() => test.close());
const fixtures = join(import.meta.dirname, '../../engine/learning/maximise/fixtures');

const example = (name: string, ...more: string[]): Promise<MaximiseAnswer> =>
  test.json<MaximiseAnswer>(['maximise', '--example', name, ...more]);

describe('maximise', () => {
  it.each([
    ['interior', 'interior-maximum', 0.5, 1.523188],
    ['asymptote', 'asymptote', 10, 1],
    ['bound', 'at-bound', 3, 4.5],
    ['kink', 'kink', 0.5, 0],
    ['two-peaks', 'interior-maximum', 3, 1.5],
  ])('%s ends as %s', async (name, verdict, point, value) => {
    const { best, starts } = await example(name);
    expect(best.verdict).toBe(verdict);
    expect(best.point[0]).toBeCloseTo(point, 5);
    expect(best.value).toBeCloseTo(value, 6);
    expect(starts).toHaveLength(32);
    expect(Object.keys(starts[0] ?? {})).toEqual(['from', 'point', 'value', 'verdict', 'steps']);
  });

  it('takes other fixed inputs, ranges, starts and seeds', async () => {
    const { best, fixed, range, starts, seed } = await example(
      'interior',
      '--fix',
      'x=-3',
      '--range',
      'y=-5,5',
      '--starts',
      '4',
      '--seed',
      '9',
    );
    expect([fixed, range, starts.length, seed]).toEqual([{ x: [-3] }, [[-5, 5]], 4, 9]);
    expect(best.point[0]).toBeCloseTo(-3, 6);
    expect(best.sensitivity?.[0]?.[0]).toBeCloseTo(1, 6);
    expect((await example('bound', '--fix', 'x=-1.5')).best).toMatchObject({
      point: [-2],
      verdict: 'at-bound',
    });
  });

  it('says what kind of end it is, and the other ends', async () => {
    const shown = await test.done('maximise --example two-peaks');
    expect(shown).toMatch(/^verdict +interior-maximum: a maximum inside the range/m);
    expect(shown).toMatch(/^ {2}-2 +1, interior-maximum, reached by \d+$/m);
    expect(await test.done('maximise --example asymptote')).toMatch(/^Newton step +0\.5$/m);
  });

  it('draws the searches', async () => {
    const shown = await test.done(`maximise --example two-peaks --out ${test.at('p.svg')}`);
    expect(shown).toContain('Wrote p.svg');
    expect(readFileSync(test.at('p.svg'), 'utf8')).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
  });

  it('opens a model of Keras and one of our own', async () => {
    copyFileSync(join(fixtures, 'tanh.keras'), test.at('tanh.keras'));
    const failed = await test.run(['maximise', '@tanh.keras', '--fix', 'nothing=1']);
    expect(failed.code).toBe(2);
    const model = {
      inputs: [
        { name: 'x', size: 1 },
        { name: 'y', size: 2 },
      ],
      layers: [
        { type: 'concatenate', name: 'all', from: ['x', 'y'] },
        { type: 'dense', name: 'out', from: 'all', units: 1, kernel: [[1], [2], [-3]] },
      ],
      output: 'out',
    };
    writeFileSync(test.at('model.json'), JSON.stringify(model));
    const args = ['maximise', '@model.json', '--fix', 'x=1', '--range', 'y=-1,1;-2,2'];
    const { best } = await test.json<MaximiseAnswer>(args);
    expect(best).toMatchObject({ point: [1, -2], value: 9, verdict: 'at-bound', multipliers: [2, 3] });
  });

  it('opens a model beyond dense layers with TensorFlow, and says so', async () => {
    copyFileSync(join(fixtures, 'unsupported.keras'), test.at('normed.keras'));
    const args = ['maximise', '@normed.keras', '--fix', 'x=1,2,3,4', '--starts', '4'];
    const { best, arithmetic } = await test.json<MaximiseAnswer>(args);
    expect([best.verdict, arithmetic.precision]).toEqual(['at-bound', 'float32']);
    const shown = (await test.run(args)).stdout;
    expect(shown).toMatch(/^computed +in float32 \(about seven digits\) by TensorFlow (native|wasm|cpu) /m);
  });

  it('of many components it prints how many, and searches fewer times', async () => {
    const model = {
      inputs: [{ name: 'y', size: 600 }],
      layers: [
        { type: 'activation', name: 's', from: 'y', activation: 'square' },
        { type: 'dense', name: 'f', from: 's', units: 1, kernel: Array.from({ length: 600 }, () => [-1]) },
      ],
      output: 'f',
    };
    writeFileSync(test.at('wide.json'), JSON.stringify(model));
    const { best, starts } = await test.json<MaximiseAnswer>(['maximise', '@wide.json']);
    expect([best.verdict, best.curvature, best.sensitivity, starts.length]).toEqual([
      'interior-maximum',
      [],
      null,
      8,
    ]);
    const { stdout } = await test.run(['maximise', '@wide.json']);
    expect(stdout).toMatch(/^y +600 numbers, -?[\d.e-]+ to [\d.e-]+$/m);
    expect(stdout).toMatch(/^ *600 +-?[\d.e-]+ +-?[\d.e-]+$/m);
    expect(stdout).toMatch(/^free +y in -10 to 10$/m);
    expect(stdout).toMatch(/^curvature +not computed/m);
    expect(stdout.indexOf('slope\n')).toBeLessThan(1500);
  });

  it('of a plateau it tells the rise', async () => {
    const shown = await test.done('maximise --example bound --fix x=0');
    expect(shown).toMatch(/^verdict +plateau/m);
    expect(shown).toMatch(/^rise +none: flat from where the search began/m);
  });

  it('a damaged model is refused, not answered', async () => {
    const bytes = readFileSync(join(fixtures, 'tanh.keras'));
    const name = 'model.weights.h5';
    // Within the stored weights, far behind the entry's name.
    const at = bytes.indexOf(name) + name.length + 4000;
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    writeFileSync(test.at('damaged.keras'), bytes);
    const ran = await test.run(['maximise', '@damaged.keras', '--fix', 'x=0.1,0.2']);
    expect([ran.code, ran.stdout]).toEqual([4, '']);
  });

  it('the tail of a power is an asymptote too', async () => {
    const model = {
      inputs: [
        { name: 'x', size: 1 },
        { name: 'y', size: 1 },
      ],
      layers: [
        { type: 'concatenate', name: 'all', from: ['x', 'y'] },
        { type: 'dense', name: 'out', from: 'all', units: 1, kernel: [[1], [1]], activation: 'softsign' },
      ],
      output: 'out',
    };
    writeFileSync(test.at('softsign.json'), JSON.stringify(model));
    for (const range of ['-10,10', '0,2', '-100,100']) {
      const args = ['maximise', '@softsign.json', '--fix', 'x=0', '--range', range];
      expect((await test.json<MaximiseAnswer>(args)).best.verdict).toBe('asymptote');
    }
    const mish = JSON.stringify(model).replace('softsign', 'mish');
    writeFileSync(test.at('mish.json'), mish);
    expect((await test.run(['maximise', '@mish.json', '--fix', 'x=0'])).stderr).toContain(
      'layer "out" has the activation "mish"',
    );
  });

  it('very many starts are chosen at once', async () => {
    const { starts } = await example('two-peaks', '--starts', '2000');
    expect(starts).toHaveLength(2000);
  });

  it.each([
    [['maximise'], 2, 'Give one of MODEL and --example'],
    [['maximise', '--example', 'none'], 2, '--example is interior or'],
    [['maximise', '@absent.keras', '--fix', 'x=1'], 3, 'absent.keras does not exist'],
    [['maximise', '@softsign.json'], 2, '2 inputs are free'],
    [['maximise', '--example', 'interior', '--fix', 'q=1'], 2, 'q'],
    [['maximise', '--example', 'interior', '--fix', 'x=1,2'], 2, 'x'],
    [['maximise', '--example', 'interior', '--range', '3,1'], 2, 'range'],
    [['maximise', '--example', 'interior', '--range', '-1e300,1e300'], 2, 'beyond'],
    [['maximise', '--example', 'interior', '--range', '1'], 2, '--range takes LO,HI'],
    [['maximise', '--example', 'interior', '--range', 'y=1,2;3,4'], 2, 'y'],
    [['maximise', '--example', 'interior', '--starts', '0'], 2, '--starts is a whole number from 1'],
    [['maximise', '--example', 'interior', '--output', '3'], 2, 'output'],
    [['maximise', '--example', 'interior', '--out', 'x.png'], 2, 'is no format of this command'],
  ] as [string[], number, string][])('%j', async (args, code, message) => {
    const ran = await test.run(args);
    expect(ran.stderr).toContain(message);
    expect(ran.code).toBe(code);
  });
});
