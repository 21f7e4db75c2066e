import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { AttentionAnswer } from '../../engine/contract/attention.ts';
import { TestRun } from './testRun.ts';

const test = new TestRun();
afterAll(() => test.close());

const sentence = "The animal didn't cross the street because it was too tired";

describe('attention', () => {
  it('of an example as JSON', async () => {
    const { tokens, layers } = await test.json<AttentionAnswer>(['attention', '--example', 'f1']);
    expect(tokens).toEqual(['one', 'two']);
    expect(layers).toHaveLength(1);
    const [head] = layers[0]?.heads ?? [];
    const near = (values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 14) as unknown);
    expect(head?.A).toEqual([near([1 / 3, 2 / 3]), near([3 / 4, 1 / 4])]);
    expect(head?.Z).toEqual([near([1, 4]), near([2.25, 1.5])]);
    expect(Object.keys(head ?? {})).toEqual(['A', 'Z', 'entropy', 'effectiveCount', 'received']);
  });

  it('of a sentence: the famous pronoun in two heads of the last layer', async () => {
    const { tokens, layers } = await test.json<AttentionAnswer>(['attention', '--text', sentence]);
    const [it, animal] = [tokens.indexOf('it'), tokens.indexOf('animal')];
    const weights = layers[1]?.heads.map(({ A }) => A[it]?.[animal] ?? NaN) ?? [];
    expect(weights[1]).toBeCloseTo(0.2076, 3);
    expect(weights[3]).toBeCloseTo(0.1991, 3);
  });

  it('says for each token what it attends to most, of the layer and head chosen', async () => {
    const { stdout } = await test.run(['attention', '--text', sentence, '--layer', '1', '--head', '1']);
    expect(stdout).toContain('Layer 1 of 2, head 1');
    expect(stdout).toMatch(/^ {2}it +street 0\.335\d, animal 0\.207\d, cross 0\.184\d$/m);
    expect(await test.done('attention --example f2')).toContain('mean of 2 heads');
  });

  it('shows the arithmetic of one weight', async () => {
    const shown = await test.done('attention --example f1 --cell 0,1');
    expect(shown).toContain('"one" (query 0) on "two" (key 1), layer 0, head 0');
    expect(shown).toMatch(/q \. k +1\.386294 \+ 0 \+ 0 \+ 0 = 1\.386294/);
    expect(shown).toMatch(/weight +2 \/ 3 = 0\.6666667/);
    const { cell } = await test.json<AttentionAnswer>(['attention', '--example', 'f1', '--cell', '1,0']);
    expect(cell).toMatchObject({
      layer: 0,
      head: 0,
      query: 1,
      key: 0,
      weight: expect.closeTo(0.75, 14) as number,
    });
  });

  it('writes weights as CSV, NPY and SVG', async () => {
    const out = test.at('a.csv');
    expect(await test.done(`attention --example f1 --out ${out}`)).toMatch(/^Wrote a\.csv \(\d+ bytes\)/);
    const lines = readFileSync(out, 'utf8').trimEnd().split('\r\n');
    expect(lines[0]).toBe('query,one,two');
    expect(lines[1]?.split(',').slice(1).map(Number)).toEqual([
      expect.closeTo(1 / 3, 14),
      expect.closeTo(2 / 3, 14),
    ]);
    await test.done(`attention --example f2 --head 1 --out ${test.at('a.npy')}`);
    const npy = readFileSync(test.at('a.npy'));
    expect(npy.toString('latin1')).toContain("'descr': '<f8'");
    expect([
      ...new Float64Array(npy.buffer.slice(npy.byteOffset + 128, npy.byteOffset + npy.length)),
    ]).toEqual([0.5, 0.5, 0.5, 0.5]);
    await test.done(`attention --example f2 --out ${test.at('a.svg')}`);
    const svg = readFileSync(test.at('a.svg'), 'utf8');
    expect(svg).toContain('query (attends)');
    expect(svg).toContain('one attends to two: 0.5833');
    // What was written is read again.
    const again = await test.json<AttentionAnswer>(['attention', '@a.npy']);
    expect(again.layers[0]?.heads[0]).toMatchObject({
      A: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      Z: null,
    });
  });

  it('takes three tables', async () => {
    writeFileSync(test.at('empty.csv'), '');
    for (const name of ['q', 'k', 'v']) writeFileSync(test.at(`${name}.csv`), '0,1\n1,0\n');
    const { layers } = await test.json<AttentionAnswer>([
      'attention',
      '--q',
      '@q.csv',
      '--k',
      '@k.csv',
      '--v',
      '@v.csv',
    ]);
    expect(layers[0]?.heads[0]?.Z?.[0]).toHaveLength(2);
  });

  it.each([
    [['attention'], 2, 'Give one of FILE, --text, --example'],
    [['attention', '--example', 'f9'], 2, '--example is f1 or f2 or f3 or f4'],
    [['attention', '--example', 'f1', '--mask', 'some'], 2, '--mask is none, causal or padding:N'],
    [['attention', '--example', 'f1', '--temperature', '0'], 2, '--temperature is above 0'],
    [['attention', '--example', 'f1', '--layer', '4'], 2, 'There is no layer 4: they go from 0 to 0.'],
    [['attention', '--example', 'f1', '--head', '4'], 2, 'There is no head 4: they go from 0 to 0.'],
    [['attention', '--example', 'f2', '--cell', '0,0'], 2, 'Layer 0 has 2 heads: give --head H.'],
    [['attention', '--example', 'f1', '--cell', '0,7'], 2, 'There is no key 7: they go from 0 to 1.'],
    [['attention', '--example', 'f1', '--out', 'x.tif'], 2, 'is no format of this command'],
    [['attention', '--example', 'f1', '--json', '--out', 'x.csv'], 2, 'choose one'],
    [['attention', '--q', 'q.csv'], 2, '--k FILE is missing'],
    [['attention', '@none.npy'], 3, 'none.npy'],
    [['attention', '--q', '@empty.csv', '--k', '@k.csv', '--v', '@v.csv'], 4, 'empty.csv is empty.'],
    [['attention', '--text', 'word '.repeat(300)], 2, 'the model reads 128'],
  ] as [string[], number, string][])('%j', async (args, code, message) => {
    const ran = await test.run(args);
    expect(ran.stderr).toContain(message);
    expect(ran.code).toBe(code);
  });
});
