import { expect } from 'vitest';
import type { TestCube } from './testRun.ts';

// For tests only: a small cube and what plain arithmetic makes of its formula.

export const lines = 3;
export const samples = 4;
export const bands = 12;
export const noData = 9;
/** 400 to 510 nm in steps of 10. */
export const nm = Array.from({ length: bands }, (_, k) => 400 + 10 * k);
export const stored = (line: number, sample: number, band: number): number =>
  line === 2 && sample === 3 ? noData : 100 + 7 * line + 3 * sample + ((band * band * 5) % 17) + band * band;
export const value = (line: number, sample: number, band: number): number =>
  line === 2 && sample === 3 ? NaN : stored(line, sample, band) / 10;

// Savitzky and Golay's tables for 5 points, degree 2.
export const smoothing = [-3, 12, 17, 12, -3].map((weight) => weight / 35);
export const curvature = [2, -1, -2, -1, 2].map((weight) => weight / 7);
export const weighted = (weights: readonly number[], line: number, sample: number, band: number): number =>
  weights.reduce((sum, weight, k) => sum + weight * value(line, sample, band - 2 + k), 0);

export const everyPixel = <T>(of: (line: number, sample: number) => T): T[] =>
  Array.from({ length: lines * samples }, (_, k) => of(Math.floor(k / samples), k % samples));

/** As ENVI: 12 bands of which the last is bad, one pixel nodata, stored values ten times the values. */
export const smallCube: TestCube = {
  lines,
  samples,
  bands,
  stored,
  header: [
    `wavelength = { ${nm.join(', ')} }`,
    'wavelength units = Nanometers',
    `bbl = { ${nm.map((_, k) => (k === 11 ? 0 : 1)).join(', ')} }`,
    `data ignore value = ${noData}`,
    'reflectance scale factor = 10',
  ],
};

/** Equal but for float32 rounding; NaN equals NaN. */
export function expectNear(
  seen: readonly (number | null)[],
  expected: readonly number[],
  tolerance = 1e-5,
): void {
  expect(seen).toHaveLength(expected.length);
  for (const [k, wanted] of expected.entries()) {
    if (Number.isNaN(wanted)) expect([k, seen[k] ?? NaN]).toEqual([k, NaN]);
    else expect(Math.abs((seen[k] ?? NaN) - wanted)).toBeLessThanOrEqual(tolerance);
  }
}
