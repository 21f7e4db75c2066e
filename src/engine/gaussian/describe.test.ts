import { describe, expect, it } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import { buildGaussian } from './build.ts';
import { conditionalOf } from './conditional.ts';
import { densityAt } from './density.ts';
import { describeGaussian, marginalOf } from './describe.ts';
import {
  example,
  exampleCovariance,
  exampleFactor,
  exampleVectors,
  indefinite,
  singular,
} from './testGaussians.ts';

function expectRows(found: number[][], wanted: number[][], digits = 12): void {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(found[i]?.[j], `cell ${i}, ${j}`).toBeCloseTo(value, digits);
    });
  });
}

describe('the example of nine dimensions', () => {
  const answer = describeGaussian(example);

  it('has its determinant, eigenvalues and entropy', () => {
    expect(answer.valid).toBe(true);
    expect(answer.definiteness).toBe('positive-definite');
    expect([answer.reason, answer.where, answer.nearest]).toEqual([null, null, null]);
    expect(answer.rank).toBe(9);
    expect(answer.determinant).toBe(576);
    expect(answer.logDeterminant).toBeCloseTo(6.356108, 6);
    expect(answer.entropy).toBeCloseTo(15.948501, 6);
    expect(answer.eigenvalues[0]).toBeCloseTo(0.082053, 6);
    expect(answer.eigenvalues[8]).toBeCloseTo(13.795845, 6);
    expect((answer.eigenvalues[8] ?? 0) / (answer.eigenvalues[0] ?? 1)).toBeCloseTo(168.1323, 4);
    expect(answer.mean).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(answer.vectors[1]).toEqual({ name: 'b', mean: [3, 4, 5], components: ['b1', 'b2', 'b3'] });
  });

  it('has its intervals', () => {
    const interval = (i: number, j: number) => answer.intervals[i]?.[j] ?? [NaN, NaN];
    const expected: [number, number, number, number][] = [
      [0, 2, 0.655419, 3.098427],
      [4, 7, -1.828427, 3.828427],
      [2, 3, -Math.SQRT2, Math.SQRT2],
      [0, 6, -1.126206, 0.878783],
    ];
    for (const [i, j, low, high] of expected) {
      expect(interval(i, j)[0]).toBeCloseTo(low, 6);
      expect(interval(i, j)[1]).toBeCloseTo(high, 6);
      expect(interval(j, i)[0]).toBeCloseTo(low, 6);
    }
    // A variance has no upper bound.
    expect(interval(0, 0)[1]).toBeNull();
  });

  it('tells at the ends of every interval where the matrix stops being valid', () => {
    answer.intervals.forEach((row, i) => {
      row.forEach((interval, j) => {
        const [low, high] = interval ?? [NaN, NaN];
        for (const [value, inside] of [
          [low + 1e-6, true],
          [low - 1e-6, false],
          [(high ?? 1e6) - 1e-6, true],
          ...(high === null ? [] : [[high + 1e-6, false] as const]),
        ] as const) {
          const covariance = exampleCovariance.map((cells) => [...cells]);
          (covariance[i] ?? [])[j] = value;
          (covariance[j] ?? [])[i] = value;
          if (i === j && value < 0) continue;
          expect(describeGaussian({ ...example, covariance }).valid, `${i}, ${j}: ${value}`).toBe(inside);
        }
      });
    });
  });

  it('has its mutual informations and canonical correlations', () => {
    expect(answer.mutualInformation['a,b']).toBeCloseTo(0.4116, 6);
    expect(answer.mutualInformation['a,c']).toBeCloseTo(0.660878, 6);
    expect(answer.mutualInformation['b,c']).toBeCloseTo(0.748393, 6);
    expectRows(
      [
        answer.canonicalCorrelations['a,b'] ?? [],
        answer.canonicalCorrelations['a,c'] ?? [],
        answer.canonicalCorrelations['b,c'] ?? [],
      ],
      [
        [0.707107, 0.349215],
        [0.816497, 0.447214],
        [0.817685, 0.540467, 0.213988],
      ],
      6,
    );
  });

  it('has its log densities', () => {
    const mean = answer.mean;
    const moved = exampleFactor.map((row, k) => (mean[k] ?? 0) + row.reduce((sum, one) => sum + one, 0));
    expect(moved).toEqual([3, 4, 7, 6, 8, 9, 8, 11, 10]);
    const { logDensity, squaredDistance } = densityAt(example, [mean, moved]);
    expect(logDensity[0]).toBeCloseTo(-11.448501, 6);
    expect(logDensity[1]).toBeCloseTo(-15.948501, 6);
    expect(squaredDistance[1]).toBeCloseTo(9, 12);
  });

  it('has its conditionals', () => {
    const c = conditionalOf(example, { a: [2, 2], b: [5, 4, 4] });
    expectRows(c.gain, [
      [1, -1, 0, 1, 0],
      [0.5, -1, 0, 0, 0],
      [-1 / 12, 0, 1 / 6, 0, 1 / 2],
      [-1 / 2, 0, 0, 0, 0],
    ]);
    expectRows([c.mean], [[7, 7.5, 7.75, 8.5]]);
    expectRows(c.covariance, [
      [1, 0, 0, 1],
      [0, 4, 0, 0],
      [0, 0, 1, 0],
      [1, 0, 0, 2],
    ]);
    expect(c.vectors.map(({ name }) => name)).toEqual(['c']);
    expect(c.givenComponents).toEqual(['a1', 'a2', 'b1', 'b2', 'b3']);
    const all = conditionalOf(example, { c: [7, 8, 9, 10] });
    expect(all.vectors.map(({ name }) => name)).toEqual(['a', 'b']);
    const a = conditionalOf(marginalOf(example, ['a', 'c']), { c: [7, 8, 9, 10] });
    expectRows([a.mean], [[1, 1.8]]);
    expectRows(a.covariance, [
      [4 / 3, 2 / 3],
      [2 / 3, 17 / 15],
    ]);
    // The conditional's marginal is the marginal's conditional.
    expectRows([all.mean.slice(0, 2)], [a.mean]);
    expectRows(
      all.covariance.slice(0, 2).map((row) => row.slice(0, 2)),
      a.covariance,
    );
  });

  it('is conditioned in one step as in two, on single components too', () => {
    const whole = conditionalOf(example, { a: [2, 2], b2: [5] });
    expect(whole.vectors.map(({ components }) => components)).toEqual([
      ['b1', 'b3'],
      ['c1', 'c2', 'c3', 'c4'],
    ]);
    const { vectors, covariance } = conditionalOf(example, { a: [2, 2] });
    const twice = conditionalOf({ vectors, covariance }, { b2: [5] });
    expectRows([twice.mean], [whole.mean]);
    expectRows(twice.covariance, whole.covariance);
  });

  it('is the same from its factor, its blocks, and standard deviations with correlations', () => {
    expect(buildGaussian({ vectors: exampleVectors, factor: exampleFactor }).covariance.to2DArray()).toEqual(
      exampleCovariance,
    );
    const sd = exampleCovariance.map((row, k) => Math.sqrt(row[k] ?? NaN));
    [2, 1.414214, 3.162278, 1.414214, 2.236068, 1.732051, 2.236068, 1.732051, 1.732051].forEach((one, k) =>
      expect(sd[k]).toBeCloseTo(one, 6),
    );
    const correlation = exampleCovariance.map((row, i) => row.map((c, j) => c / (sd[i] ?? 1) / (sd[j] ?? 1)));
    correlation.forEach((row, k) => (row[k] = 1));
    expect(correlation[0]?.[1]).toBeCloseTo(0.707107, 6);
    expectRows(
      buildGaussian({ vectors: exampleVectors, sd, correlation }).covariance.to2DArray(),
      exampleCovariance,
    );
    const cut = (rows: [number, number], columns: [number, number]) =>
      exampleCovariance.slice(...rows).map((row) => row.slice(...columns));
    const blocks = {
      'a,a': cut([0, 2], [0, 2]),
      'b,b': cut([2, 5], [2, 5]),
      'c,c': cut([5, 9], [5, 9]),
      'a,b': cut([0, 2], [2, 5]),
      'c,a': cut([5, 9], [0, 2]),
      'b,c': cut([2, 5], [5, 9]),
    };
    const built = buildGaussian({ vectors: exampleVectors, blocks });
    expect(built.covariance.to2DArray()).toEqual(exampleCovariance);
    expect(built.notes).toEqual([]);
    const { 'a,b': _, ...fewer } = blocks;
    const independent = buildGaussian({ vectors: exampleVectors, blocks: fewer });
    expect(independent.covariance.get(0, 2)).toBe(0);
    expect(independent.notes.join()).toContain('Block a,b is not given and taken as zero (independence)');
  });
});

describe('matrices that are not valid', () => {
  it('are answers with reason, place and nearest matrix', () => {
    const answer = describeGaussian(indefinite);
    expect(answer.valid).toBe(false);
    expectRows([answer.eigenvalues], [[-0.8, 1.9, 1.9]]);
    expect(answer.nearest?.distance).toBeCloseTo(0.8, 12);
    const off = 0.95 / 1.5;
    expectRows(answer.nearest?.covariance ?? [], [
      [1.2666666666667, off, off],
      [off, 1.2666666666667, -off],
      [off, -off, 1.2666666666667],
    ]);
    expect(answer.where).toMatchObject({ leadingSize: 3, leadingComponent: 'r3', block: 'r,r' });
    expect(answer.reason).toContain('smallest eigenvalue is -0.8');
    expect([answer.logDeterminant, answer.entropy]).toEqual([null, null]);
    expect(answer.determinant).toBeCloseTo(-0.8 * 1.9 * 1.9, 12);
    // r2,r3 alone would mend it: 0.81 +- 0.19.
    expectRows([(answer.intervals[1]?.[2] as number[] | null) ?? []], [[0.62, 1]]);
    // The matrix that is offered is valid.
    expect(describeGaussian({ ...indefinite, covariance: answer.nearest?.covariance }).valid).toBe(true);
  });

  it('with standard deviations on the diagonal are recognised', () => {
    const covariance = exampleCovariance.map((row, i) =>
      row.map((value, j) => (i === j ? Math.sqrt(value) : value)),
    );
    const answer = describeGaussian({ ...example, covariance });
    expectRows([answer.eigenvalues.slice(0, 5)], [[-1.369718, -1.08014, -0.78768, -0.101522, 0.56344]], 5);
    expect(answer.valid).toBe(false);
    expect(answer.reason).toContain('standard deviations');
    expect(answer.where?.leadingComponent).toBe('a2');
    expect(answer.where).toMatchObject({ row: 'a1', column: 'a2', rowIndex: 0, columnIndex: 1, value: 2 });
  });

  it('name the cell that was spoilt', () => {
    const covariance = exampleCovariance.map((row) => [...row]);
    (covariance[3] ?? [])[7] = 30;
    (covariance[7] ?? [])[3] = 30;
    const { where } = describeGaussian({ ...example, covariance });
    expect(where).toMatchObject({ row: 'b2', column: 'c3', block: 'b,c', leadingComponent: 'c3' });
  });

  it('have no conditional and no density', () => {
    expect(() => conditionalOf(indefinite, { r1: [1] })).toThrow(CubelensError);
    expect(() => densityAt(indefinite, [[0, 0, 0]])).toThrow('no density');
  });
});

describe('a singular covariance', () => {
  const answer = describeGaussian(singular);

  it('is valid and degenerate, with its rank', () => {
    expect(answer).toMatchObject({
      valid: true,
      definiteness: 'degenerate',
      rank: 1,
      determinant: 0,
      logDeterminant: null,
      entropy: null,
      mutualInformation: { 'u,v': null },
    });
    expect(answer.reason).toContain('rank is 1 of 2');
    expect(answer.canonicalCorrelations['u,v']?.[0]).toBeCloseTo(1, 12);
    expectRows([(answer.intervals[0]?.[1] as number[] | null) ?? []], [[-2, 2]]);
  });

  it('decides the other component, and refuses values that cannot occur', () => {
    const found = conditionalOf(singular, { u: [3] });
    expectRows([found.mean], [[6]]);
    expectRows(found.covariance, [[0]]);
    const three = {
      vectors: [...singular.vectors, { name: 'w', mean: [0] }],
      factor: [[1], [2], [3]],
    };
    expectRows([conditionalOf(three, { u: [2], v: [4] }).mean], [[3]]);
    expect(() => conditionalOf(three, { u: [2], v: [5] })).toThrow('cannot occur');
    expect(() => densityAt(singular, [[1, 2]])).toThrow('rank 1 of 2');
  });

  it('does not hang on units', () => {
    const scales = [1e-6, 1e6];
    const scaled = exampleCovariance.map((row, i) =>
      row.map((value, j) => value * (scales[i % 2] ?? 1) * (scales[j % 2] ?? 1)),
    );
    expect(describeGaussian({ ...example, covariance: scaled }).definiteness).toBe('positive-definite');
  });
});
