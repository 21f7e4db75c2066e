import { seededRandom } from '../../base/random.ts';
import type { SpectraTable } from './spectraTable.ts';

// For tests only.

/** A table of these rows; classes and positions where they are given. */
export function testTable(
  rows: readonly (readonly number[])[],
  given: { classOf?: readonly number[]; classNames?: string[]; positions?: Int32Array } = {},
): SpectraTable {
  const columns = rows[0]?.length ?? 0;
  return {
    rows: rows.length,
    columns,
    values: Float32Array.from(rows.flat()),
    names: Array.from({ length: columns }, (_, k) => `band ${k + 1}`),
    wavelengthsNm: null,
    positions: given.positions ?? null,
    classes:
      given.classOf === undefined
        ? null
        : { ofRow: Int32Array.from(given.classOf), names: given.classNames ?? [] },
  };
}

/** Positions of a scene of this many samples a line. */
export const scenePositions = (rows: number, samples: number): Int32Array =>
  Int32Array.from({ length: 2 * rows }, (_, k) =>
    k % 2 === 0 ? Math.floor((k >> 1) / samples) : (k >> 1) % samples,
  );

/**
 * Two classes, normal with unit variance about -d/2 and d/2 in each of the first two of four columns: Bayes' rule is right
 * with the probability Phi(d / sqrt 2). The third column is constant, the fourth noise in another unit.
 */
export function twoGaussians(rows: number, d: number, seed: number): SpectraTable {
  const random = seededRandom(seed);
  const classOf = Array.from({ length: rows }, () => random.below(2));
  const values = classOf.map((one) => {
    const centre = (one - 0.5) * d;
    return [
      200 + 10 * (centre + random.normal()),
      5000 + 700 * (centre + random.normal()),
      7,
      0.001 * random.normal(),
    ];
  });
  return testTable(values, { classOf, classNames: ['dark', 'bright'], positions: scenePositions(rows, 50) });
}
