import { describe, expect, it } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import { buildGaussian } from './build.ts';
import { NormalDeviates } from './normals.ts';
import { readSampleCsv } from './sampleCsv.ts';
import { drawSamples, sampleFrom, samplerOf } from './sampling.ts';
import { estimate } from './samples.ts';
import { example, exampleCovariance, exampleVectors, indefinite, singular } from './testGaussians.ts';

describe('normal deviates', () => {
  it('have the moments and tails of the normal distribution', () => {
    const out = new Float64Array(1_000_000);
    new NormalDeviates(7).fill(out);
    const moment = (power: number) => out.reduce((sum, x) => sum + x ** power, 0) / out.length;
    // Within 5 standard errors: of x^k it is sqrt((2k-1)!! - mean^2) / 1000.
    expect(Math.abs(moment(1))).toBeLessThan(0.005);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.0071);
    expect(Math.abs(moment(3))).toBeLessThan(0.0194);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.049);
    for (const [beyond, share] of [
      [1, 0.31731050786],
      [2, 0.04550026389],
      [3, 0.00269979606],
      [3.6541528853610088, 0.000258],
    ] as const) {
      const found = out.filter((x) => Math.abs(x) > beyond).length / out.length;
      expect(Math.abs(found - share)).toBeLessThan(5 * Math.sqrt(share / out.length));
    }
  });

  it('are the same however many are drawn at a time', () => {
    const whole = new Float64Array(5000);
    new NormalDeviates(-3).fill(whole);
    const source = new NormalDeviates(-3);
    const pieces = new Float64Array(5000);
    for (let k = 0; k < 5000; k += 50) source.fill(pieces.subarray(k, k + 50));
    expect(pieces).toEqual(whole);
    const other = new Float64Array(5000);
    new NormalDeviates(4).fill(other);
    expect(other).not.toEqual(whole);
  });
});

describe('samples', () => {
  it('are mean + L z', () => {
    const sampler = samplerOf(example, 0);
    expect(sampleFrom(sampler, [1, 1, 1, 1, 1, 1, 1, 1, 1])).toEqual([3, 4, 7, 6, 8, 9, 8, 11, 10]);
    expect(sampleFrom(sampler, [1, -1, 0, 2, 0, -1, 1, 0, 1])).toEqual([3, 2, 4, 5, 5, 8, 10, 8, 8]);
  });

  it('have mean and covariance within 5 standard errors', () => {
    const count = 100_000;
    const { samples } = drawSamples(example, count, 42);
    const rows = (samples.a ?? []).map((a, k) => [
      ...a,
      ...(samples.b?.[k] ?? []),
      ...(samples.c?.[k] ?? []),
    ]);
    const { mean, covariance } = estimate(rows, false);
    exampleCovariance.forEach((row, i) => {
      const variance = row[i] ?? NaN;
      expect(Math.abs((mean[i] ?? NaN) - (i + 1))).toBeLessThan(5 * Math.sqrt(variance / count));
      row.forEach((value, j) => {
        const error = Math.sqrt((variance * (exampleCovariance[j]?.[j] ?? NaN) + value * value) / count);
        expect(Math.abs(covariance.get(i, j) - value)).toBeLessThan(5 * error);
      });
    });
  });

  it('are cut apart by name, and the same for the same seed', () => {
    const drawn = drawSamples(example, 3, 1);
    expect(drawn.vectors.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(drawn.samples.b?.map((row) => row.length)).toEqual([3, 3, 3]);
    expect(drawSamples(example, 3, 1)).toEqual(drawn);
    expect(drawSamples(example, 3, 2)).not.toEqual(drawn);
    expect(drawSamples(example, 300, 1).samples.c?.slice(0, 3)).toEqual(drawn.samples.c);
  });

  it('of a singular covariance lie in its subspace, which is said', () => {
    const { samples, notes } = drawSamples(singular, 1000, 5);
    expect(notes.join()).toContain('subspace of 1 of 2');
    samples.u?.forEach(([u = NaN], k) => expect(samples.v?.[k]?.[0]).toBeCloseTo(2 * u, 10));
    expect(new Set(samples.u?.map(([u]) => u)).size).toBe(1000);
    const constant = drawSamples({ vectors: [{ name: 'k', mean: [4] }], covariance: [[0]] }, 2, 1);
    expect(constant.samples.k).toEqual([[4], [4]]);
  });

  it('of an indefinite covariance are refused', () => {
    const run = () => drawSamples(indefinite, 1, 1);
    expect(run).toThrow(CubelensError);
    expect(run).toThrow(expect.objectContaining({ code: 'degenerate' }));
  });
});

describe('a covariance from samples', () => {
  const rows = [
    [1, 2, 0.5],
    [2, 1, 1.5],
    [4, 3, -1],
    [3, 6, 2],
    [0, 1, 1],
  ];

  it('divides by N-1, with the mean of the samples where none is stated', () => {
    const spec = { vectors: [{ name: 'x', components: ['p', 'q', 'r'] }], samples: rows };
    const built = buildGaussian(spec);
    [2, 2.6, 0.8].forEach((value, k) => expect(built.mean[k]).toBeCloseTo(value, 12));
    // numpy.cov(rows, rowvar=False)
    expect(built.covariance.get(0, 0)).toBeCloseTo(2.5, 12);
    expect(built.covariance.get(0, 1)).toBeCloseTo(2, 12);
    expect(built.covariance.get(1, 1)).toBeCloseTo(4.3, 12);
    expect(built.notes.join()).toContain('divided by 4');
  });

  it('shrinks as the code of Ledoit and Wolf does', () => {
    const { covariance, shrinkage } = estimate(rows, true);
    // The same formula in numpy on the same rows.
    expect(shrinkage).toBeCloseTo(0.7343443858327049, 12);
    expect(covariance.get(0, 1)).toBeCloseTo(2 * (1 - 0.7343443858327049), 12);
  });

  it('of fewer samples than dimensions is degenerate, and shrinkage is offered', () => {
    const few = { vectors: [{ name: 'x', mean: [0, 0, 0] }], samples: rows.slice(0, 3) };
    const { notes } = samplerOf(few, 1);
    expect(notes.join(' ')).toContain('ledoit-wolf');
    expect(notes.join(' ')).toContain('subspace of 2 of 3');
    expect(samplerOf({ ...few, shrinkage: 'ledoit-wolf' }, 1).factor.columns).toBe(3);
  });
});

describe('samples of a CSV', () => {
  const stated = [{ name: 'a', mean: [0, 0] }, { name: 'b' }];

  it('are found by the names of their columns', () => {
    const table = readSampleCsv('b1;id;a2;a1\r\n3;7;2;1\r\n\r\n30;8;20;1e1\r\n', 'x.csv', stated);
    expect(table.samples).toEqual([
      [1, 2, 3],
      [10, 20, 30],
    ]);
    expect(table.vectors[1]).toEqual({ name: 'b', components: ['b1'] });
    expect(table.notes).toEqual(['Columns left out: id.']);
  });

  it('give names where none is known', () => {
    const table = readSampleCsv('u,"v"\n1,2\n3,4\n', 'x.csv', [{ name: 'a', mean: [0, 0] }]);
    expect(table.vectors).toEqual([{ name: 'a', mean: [0, 0], components: ['u', 'v'] }]);
    expect(
      buildGaussian({ vectors: exampleVectors.slice(0, 1), samples: table.samples }).covariance.get(0, 1),
    ).toBe(2);
  });

  it.each([
    ['', /holds no samples/, {}],
    ['1,2\n3,4', /begins with numbers/, { row: 1 }],
    ['a1,a1\n3,4', /names two columns a1/, { row: 1, column: 2 }],
    ['a1,b1\n3,4', /has no column for a2/, { row: 1 }],
    ['a1,a2,b1\n1,2,3\n3,4', /2 cells in row 3/, { row: 3 }],
    ['a1,a2,b1\n1,x,3', /"x" in row 2, column 2/, { row: 2, column: 2 }],
    ['a1,a2,b1\n1,nan,3', /"nan" in row 2, column 2/, { row: 2, column: 2 }],
    ['a1,a2,b1\n1,,3', /"" in row 2, column 2/, { row: 2, column: 2 }],
  ])('%j is refused', (text, message, place) => {
    const run = () => readSampleCsv(text, 'x.csv', stated);
    expect(run).toThrow(message);
    expect(run).toThrow(
      expect.objectContaining({ code: 'malformed-file', place: expect.objectContaining(place) }),
    );
  });
});
