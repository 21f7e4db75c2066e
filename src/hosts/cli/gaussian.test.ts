import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  GaussianConditional,
  GaussianDescription,
  GaussianSamples,
} from '../../engine/contract/gaussian.ts';
import { TestRun } from './testRun.ts';

const test = new TestRun();
const write = (name: string, spec: unknown): void => {
  writeFileSync(test.at(name), typeof spec === 'string' ? spec : JSON.stringify(spec));
};
const vectors = [
  { name: 'a', mean: [1, 2] },
  { name: 'b', mean: [3, 4, 5] },
  { name: 'c', mean: [6, 7, 8, 9] },
];
/** The integer example: 2 + 3 + 4 components. */
const nine = {
  vectors,
  blocks: {
    'a,a': [
      [4, 2],
      [2, 2],
    ],
    'a,b': [
      [2, 0, 0],
      [1, 1, 0],
    ],
    'a,c': [
      [2, 0, 0, -2],
      [1, -1, 0, -1],
    ],
    'b,b': [
      [10, 0, 3],
      [0, 2, 0],
      [3, 0, 5],
    ],
    'b,c': [
      [1, 0, 3, -1],
      [1, -1, 0, 0],
      [0, 0, 3, 0],
    ],
    'c,c': [
      [3, 0, 0, 0],
      [0, 5, 0, 0],
      [0, 0, 3, 0],
      [0, 0, 0, 3],
    ],
  },
};
const indefinite = {
  vectors: [{ name: 'x', mean: [0, 0, 0] }],
  covariance: [
    [1, 0.9, 0.9],
    [0.9, 1, -0.9],
    [0.9, -0.9, 1],
  ],
};

beforeAll(() => {
  write('nine.json', nine);
  write('bad.json', indefinite);
  test.cube('c', {
    lines: 12,
    samples: 11,
    bands: 3,
    stored: (line, sample, band) => (line * (7 + band) + sample * sample * (band + 1)) % 97,
  });
});
afterAll(() => test.close());

describe('gaussian', () => {
  it('describes the nine-dimensional example', async () => {
    const answer = await test.json<GaussianDescription>(['gaussian', '@nine.json']);
    expect(answer).toMatchObject({ valid: true, reason: null, where: null, rank: 9, nearest: null });
    expect(answer.determinant).toBeCloseTo(576, 9);
    expect(answer.logDeterminant).toBeCloseTo(6.356108, 6);
    expect(answer.entropy).toBeCloseTo(15.948501, 6);
    expect(answer.mutualInformation['a,b']).toBeCloseTo(0.4116, 6);
    expect(answer.canonicalCorrelations['b,c']?.[0]).toBeCloseTo(0.817685, 6);
    const [low, high] = answer.intervals[0]?.[2] ?? [];
    expect([low, high]).toEqual([expect.closeTo(0.655419, 6), expect.closeTo(3.098427, 6)]);
    expect(await test.done('gaussian @nine.json')).toMatch(/^determinant +576$/m);
  });

  it('gives the others, given some', async () => {
    const answer = await test.json<GaussianConditional>([
      'gaussian',
      '@nine.json',
      '--given',
      'a=2,2',
      '--given',
      'b=5,4,4',
    ]);
    expect(answer.given).toEqual({ a: [2, 2], b: [5, 4, 4] });
    expect(answer.vectors.map(({ name }) => name)).toEqual(['c']);
    expect(answer.mean).toEqual([7, 7.5, 7.75, 8.5].map((value) => expect.closeTo(value, 10) as unknown));
    expect(answer.covariance[0]).toEqual([1, 0, 0, 1].map((value) => expect.closeTo(value, 10) as unknown));
  });

  it('an invalid matrix is an answer, sampling from it an error', async () => {
    const answer = await test.json<GaussianDescription>(['gaussian', '@bad.json']);
    expect(answer).toMatchObject({ valid: false, entropy: null, logDeterminant: null });
    expect(answer.nearest?.distance).toBeCloseTo(0.8, 10);
    expect(answer.nearest?.covariance[0]?.[1]).toBeCloseTo(0.633333, 6);
    const ran = await test.run(['gaussian', '@bad.json', '--sample', '3']);
    expect([ran.code, ran.stdout]).toEqual([6, '']);
    expect(ran.stderr).toContain('not positive semi-definite');
  });

  it('draws samples: the same seed, the same numbers, on the screen and in files', async () => {
    const asked = ['gaussian', '@nine.json', '--sample', '4', '--seed', '7'];
    const shown = await test.run(asked);
    const { samples, seed } = await test.json<GaussianSamples>(asked);
    expect([seed, samples['c']?.length, samples['c']?.[0]?.length]).toEqual([7, 4, 4]);
    expect(await test.done(`gaussian @nine.json --sample 4 --seed 7 --out ${test.at('s.csv')}`)).toMatch(
      /^Wrote s\.csv/,
    );
    expect(readFileSync(test.at('s.csv'), 'utf8').replaceAll('\r\n', '\n')).toBe(shown.stdout);
    expect(shown.stdout.split('\n')[0]).toBe('a1,a2,b1,b2,b3,c1,c2,c3,c4');
    await test.done(`gaussian @nine.json --sample 4 --seed 7 --out ${test.at('s.npy')}`);
    const npy = readFileSync(test.at('s.npy'));
    const values = new Float64Array(npy.buffer.slice(npy.byteOffset + 128, npy.byteOffset + npy.length));
    expect([...values.slice(0, 2)]).toEqual(samples['a']?.[0]);
    // Samples of a file give their Gaussian back.
    await test.done(`gaussian @nine.json --sample 20000 --seed 1 --out ${test.at('many.csv')}`);
    write('from.json', { vectors: vectors.map(({ name }) => ({ name })), samples: 'many.csv' });
    const estimate = await test.json<GaussianDescription>(['gaussian', '@from.json']);
    expect(estimate.covariance[2]?.[2]).toBeCloseTo(10, 0);
    expect(estimate.mean[8]).toBeCloseTo(9, 1);
  });

  it('a variance that is known has nothing left, to the digit', async () => {
    const line = {
      vectors: [
        { name: 'u', mean: [0] },
        { name: 'v', mean: [0, 0] },
      ],
      factor: [
        [1, 0],
        [1, 0],
        [0, 1],
      ],
    };
    write('line.json', line);
    const answer = await test.json<GaussianConditional>(['gaussian', '@line.json', '--given', 'v=1,1']);
    expect([answer.mean[0], answer.covariance]).toEqual([expect.closeTo(1, 12), [[0]]]);
  });

  it('a large file of samples is read in the engine; too many for the screen are refused', async () => {
    await test.done(`gaussian @nine.json --sample 300000 --seed 1 --out ${test.at('large.csv')}`);
    write('large.json', { vectors: vectors.map(({ name }) => ({ name })), samples: 'large.csv' });
    const { covariance } = await test.json<GaussianDescription>(['gaussian', '@large.json']);
    expect(covariance[0]?.[0]).toBeCloseTo(4, 1);
    const ran = await test.run(['gaussian', '@nine.json', '--sample', '1000000']);
    expect([ran.code, ran.stdout]).toEqual([5, '']);
    expect(ran.stderr).toContain('--out');
  });

  it('writes the squared Mahalanobis distance of a cube', async () => {
    const out = test.at('rx.npy');
    const ran = await test.run(['gaussian', '--rx', '@c.dat', '--out', out]);
    expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringContaining('cubelens:') as unknown]);
    const npy = readFileSync(out);
    const distances = new Float32Array(npy.buffer.slice(npy.byteOffset + 128, npy.byteOffset + npy.length));
    expect(distances).toHaveLength(12 * 11);
    // With N - 1 the distances sum to (N - 1) x bands.
    expect(distances.reduce((sum, value) => sum + value, 0)).toBeCloseTo(131 * 3, 2);
    await test.run(['gaussian', '--rx', '@c.dat', '--out', '@rx.tif']);
    const replayed = await test.run(['replay', '@rx.tif.recipe.json', '--out', '@again.tif']);
    expect(replayed.code).toBe(0);
    expect(readFileSync(test.at('again.tif')).equals(readFileSync(test.at('rx.tif')))).toBe(true);
  });

  it.each([
    [['gaussian'], 2, 'SPEC.json is missing'],
    [['gaussian', '@none.json'], 3, 'none.json does not exist'],
    [['gaussian', '@nine.json', '--given', 'a'], 2, '--given takes NAME=VALUES'],
    [['gaussian', '@nine.json', '--given', 'a=1,x'], 2, '--given takes a number, not x'],
    [['gaussian', '@nine.json', '--given', 'q=1'], 2, 'q'],
    [['gaussian', '@nine.json', '--sample', '0'], 2, '--sample is a whole number from 1'],
    [['gaussian', '@nine.json', '--sample', '3', '--given', 'a=1,2'], 2, 'choose one'],
    [['gaussian', '@nine.json', '--seed', '3'], 2, 'go with --sample N'],
    [['gaussian', '@nine.json', '--sample', '3', '--out', 'x.tif'], 2, 'is no format of this command'],
    [['gaussian', '@nine.json', '--rx', '@c.dat', '--out', 'x.tif'], 2, 'there is no other file'],
    [['gaussian', '--rx', '@c.dat'], 2, '--out FILE is missing'],
  ] as [string[], number, string][])('%j', async (args, code, message) => {
    const ran = await test.run(args);
    expect(ran.stderr).toContain(message);
    expect(ran.code).toBe(code);
  });

  it.each([
    ['[1]', 4, 'is not a JSON object with vectors'],
    ['{"vectors": [', 4, 'is not a JSON object with vectors'],
    ['{"vectors": NaN}', 4, 'NaN'],
    [{ vectors }, 2, 'must be stated in exactly one way'],
    [{ vectors: [{ name: 'a', mean: [1] }], covariance: [[-1]] }, 2, 'variance'],
    [
      {
        vectors: [{ name: 'a', mean: [1, 2] }],
        covariance: [
          [1, 0.5],
          [0.4, 1],
        ],
      },
      2,
      'symmetric',
    ],
    [{ vectors: [vectors[0], vectors[0]], covariance: [[1]] }, 2, 'a'],
    [{ vectors: vectors.slice(0, 1), samples: 'absent.csv' }, 3, 'absent.csv does not exist'],
  ] as [unknown, number, string][])('a specification that does not fit: %j', async (spec, code, message) => {
    write('wrong.json', spec);
    const ran = await test.run(['gaussian', '@wrong.json']);
    expect(ran.stderr).toContain(message);
    expect(ran.code).toBe(code);
  });
});
