import type { Matrix } from 'ml-matrix';
import { CubelensError } from '../base/errors.ts';
import type { GaussianSamples, GaussianSpec } from '../contract/gaussian.ts';
import { buildGaussian, type Gaussian } from './build.ts';
import { definiteness, factorOf } from './definiteness.ts';
import { NormalDeviates } from './normals.ts';
import { range } from './linear.ts';

/** Draws samples of one Gaussian; the next call goes on where the last one ended. */
export interface Sampler {
  gaussian: Gaussian;
  /** F with covariance = F F': Cholesky's L, or n x rank where the covariance is singular. */
  factor: Matrix;
  /** What the specification's notes say, and that samples lie in a subspace where they do. */
  notes: string[];
  /** Fills whole rows of N numbers, one row a sample. */
  fill: (out: Float64Array) => void;
}

/**
 * x = mean + F z with z standard normal deviates of this seed. A singular covariance is sampled in its subspace, which a
 * note says. Throws `degenerate` for an indefinite one: the nearest valid matrix is never taken silently.
 */
export function samplerOf(spec: GaussianSpec, seed: number): Sampler {
  const gaussian = buildGaussian(spec);
  const { covariance, mean } = gaussian;
  const known = definiteness(covariance);
  const factor = factorOf(covariance, known);
  if (factor === null) {
    throw new CubelensError(
      'degenerate',
      'The covariance is not positive semi-definite: no vectors have it, so none can be drawn.',
      {
        field: 'spec',
        remedy:
          'Describe it to see where it breaks; to go on, put its nearest valid matrix in its place yourself.',
      },
    );
  }
  const notes = [...gaussian.notes];
  if (known.kind === 'degenerate') {
    notes.push(
      `The covariance is degenerate: the samples lie in its subspace of ${known.rank} of ${mean.length} dimensions.`,
    );
  }
  const deviates = new NormalDeviates(seed);
  return { gaussian, factor, notes, fill: filler(mean, factor, (out) => deviates.fill(out)) };
}

/** Deviates that are drawn at a time: they stay in the processor's first cache. */
const deviatesAtOnce = 2048;

/** What fills rows with mean + F z. */
function filler(
  mean: readonly number[],
  factor: Matrix,
  draw: (out: Float64Array) => void,
): (out: Float64Array) => void {
  const n = factor.rows;
  const rank = factor.columns;
  const weights = Float64Array.from(factor.to1DArray());
  const middle = Float64Array.from(mean);
  // Cholesky's upper triangle is zero: each row ends at its diagonal.
  const isLower = range(n).every((i) => range(rank).every((k) => k <= i || factor.get(i, k) === 0));
  const z = new Float64Array(Math.max(1, Math.floor(deviatesAtOnce / Math.max(1, rank))) * rank);
  return (out) => {
    const rows = out.length / n;
    const rowsAtOnce = rank === 0 ? rows : z.length / rank;
    for (let first = 0; first < rows; first += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - first);
      const drawn = z.subarray(0, count * rank);
      draw(drawn);
      transform(drawn, out.subarray(first * n, (first + count) * n), { weights, middle, rank, isLower });
    }
  };
}

/** One row mean + F z for each `rank` deviates. */
function transform(z: Float64Array, out: Float64Array, by: Transform): void {
  const { weights, middle, rank, isLower } = by;
  const n = middle.length;
  const rows = out.length / n;
  let row = 0;
  // Four rows at a time: a weight is read once for all, and no sum waits for another.
  for (; row + 4 <= rows; row += 4) {
    const z0 = row * rank;
    const z1 = z0 + rank;
    const z2 = z1 + rank;
    const z3 = z2 + rank;
    const at = row * n;
    for (let i = 0; i < n; i++) {
      const end = isLower && i + 1 < rank ? i + 1 : rank;
      const from = i * rank;
      const start = middle[i] ?? NaN;
      let s0 = start;
      let s1 = start;
      let s2 = start;
      let s3 = start;
      for (let k = 0; k < end; k++) {
        const weight = weights[from + k] ?? NaN;
        s0 += weight * (z[z0 + k] ?? NaN);
        s1 += weight * (z[z1 + k] ?? NaN);
        s2 += weight * (z[z2 + k] ?? NaN);
        s3 += weight * (z[z3 + k] ?? NaN);
      }
      out[at + i] = s0;
      out[at + n + i] = s1;
      out[at + 2 * n + i] = s2;
      out[at + 3 * n + i] = s3;
    }
  }
  for (; row < rows; row++) {
    for (let i = 0; i < n; i++) {
      let sum = middle[i] ?? NaN;
      for (let k = 0; k < rank; k++) sum += (weights[i * rank + k] ?? NaN) * (z[row * rank + k] ?? NaN);
      out[row * n + i] = sum;
    }
  }
}

/** F row by row, the mean, the deviates a row takes, and whether all of F above its diagonal is zero. */
interface Transform {
  weights: Float64Array;
  middle: Float64Array;
  rank: number;
  isLower: boolean;
}

/** Mean + F z for deviates of one's own: one row of N numbers. */
export function sampleFrom({ gaussian, factor }: Sampler, z: readonly number[]): number[] {
  const out = new Float64Array(factor.rows);
  filler(gaussian.mean, factor, (into) => {
    into.set(z);
  })(out);
  return [...out];
}

/** Most numbers of one answer: as JSON they take some 60 MB. */
const mostNumbers = 3_000_000;

/** `count` samples, cut apart by the vectors' names. Throws as `samplerOf`, `resource-exhausted` for more than an answer holds. */
export function drawSamples(spec: GaussianSpec, count: number, seed: number): GaussianSamples {
  const { gaussian, notes, fill } = samplerOf(spec, seed);
  const n = gaussian.mean.length;
  if (count * n > mostNumbers) {
    throw new CubelensError(
      'resource-exhausted',
      `${count} samples of ${n} components are too many for one answer.`,
      {
        field: 'count',
        remedy: `Take at most ${Math.floor(mostNumbers / n)}, or write them to a file (--out).`,
      },
    );
  }
  const rows = new Float64Array(count * n);
  fill(rows);
  return {
    count,
    seed,
    vectors: gaussian.vectors.map(({ name, components }) => ({ name, components })),
    samples: Object.fromEntries(
      gaussian.vectors.map(({ name, start, length }) => [
        name,
        range(count).map((k) => [...rows.subarray(k * n + start, k * n + start + length)]),
      ]),
    ),
    notes,
  };
}
