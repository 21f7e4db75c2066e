import type { FilterSettings } from '../contract/filter.ts';
import type { SummandArray, ValueArray } from '../base/dataTypes.ts';
import type { LineSampleWindow } from '../base/window.ts';
import { readSummands, readValues, type ReadableCube, type ReadContext } from '../cube/read.ts';
import { applyRow } from '../kernels/bandedOperator.ts';
import { refitWeights, type BandedOperator } from '../spectral/operator.ts';
import { operatorFor, rowFor } from './operators.ts';

/** Values of some bands in a window, one plane a band. Throws `out-of-range`, `malformed-file`, `cancelled`. */
export async function valuesImage(
  cube: ReadableCube,
  bandIndexes: readonly number[],
  window: LineSampleWindow,
  context: ReadContext,
): Promise<Float32Array> {
  const values = await readValues(cube, window, bandIndexes, context);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

/**
 * Some bands of the filtered cube in a window, one plane a band. Throws `invalid-request` for a band that has no filtered
 * image, and as `valuesImage`.
 */
export async function filteredImage(
  cube: ReadableCube,
  bandIndexes: readonly number[],
  filter: FilterSettings,
  window: LineSampleWindow,
  context: ReadContext,
): Promise<Float32Array> {
  const needed = neededBands(cube, filter, bandIndexes);
  const filterInto = await readToFilter(cube, filter, needed, window, context);
  const pixels = window.lines * window.samples;
  const out = new Float32Array(bandIndexes.length * pixels);
  bandIndexes.forEach((bandIndex, k) => filterInto(bandIndex, out.subarray(k * pixels, (k + 1) * pixels)));
  return out;
}

/** Filters one band of a window, already read, into `out`: one result a pixel, NaN where there is none. */
export type FilterInto = (bandIndex: number, out: Float32Array) => void;

/**
 * Reads the bands that a filter needs (`bandsOfRows`) in a window, and gives what filters one band after the other. A
 * result is the float64 one of a spectrum, rounded to float32: the operator takes unscaled numbers. Where `context` has
 * memory of its own, results are to be asked for before the next read. Throws as `readSummands` and `operatorFor`.
 */
export async function readToFilter(
  cube: ReadableCube,
  filter: FilterSettings,
  needed: readonly number[],
  window: LineSampleWindow,
  context: ReadContext,
): Promise<FilterInto> {
  const operator = operatorFor(cube, filter);
  const numbers = await readSummands(cube, window, needed, context);
  const planes = planesOf(numbers, needed, window.lines * window.samples);
  return (bandIndex, out) => filterBand(operator, bandIndex, planes, out);
}

/** Band indexes whose pixels the filtered bands need, rising. Throws `invalid-request` for a band without a row. */
export function neededBands(
  cube: ReadableCube,
  filter: FilterSettings,
  bandIndexes: readonly number[],
): number[] {
  const operator = operatorFor(cube, filter);
  for (const bandIndex of bandIndexes) rowFor(cube, operator, bandIndex);
  return bandsOfRows(operator, bandIndexes);
}

/** Band indexes in the windows of these bands' rows, rising; bands without a row add none. */
export function bandsOfRows(operator: BandedOperator, bandIndexes: readonly number[]): number[] {
  const needed = new Set(
    bandIndexes.flatMap((bandIndex) => [...(operator.rows[bandIndex]?.bandIndexes ?? [])]),
  );
  return [...needed].sort((a, b) => a - b);
}

/** Planes of numbers by band index. */
export type BandPlanes = ReadonlyMap<number, SummandArray>;

/** Cuts a band-sequential array into planes. */
export function planesOf(numbers: SummandArray, bandIndexes: readonly number[], pixels: number): BandPlanes {
  return new Map(
    bandIndexes.map((bandIndex, k) => [bandIndex, numbers.subarray(k * pixels, (k + 1) * pixels)]),
  );
}

/** Filters one band of a window into `out`; all NaN where the operator has no row for it. */
export function filterBand(
  operator: BandedOperator,
  bandIndex: number,
  planes: BandPlanes,
  out: ValueArray,
): void {
  const row = operator.rows[bandIndex] ?? null;
  if (row === null) {
    out.fill(NaN);
    return;
  }
  const windowPlanes: SummandArray[] = [];
  for (const index of row.bandIndexes) {
    const plane = planes.get(index);
    if (plane !== undefined) windowPlanes.push(plane);
  }
  applyRow({
    planes: windowPlanes,
    weights: row.weights,
    constant: row.constant,
    refit: operator.filter.gap === 'strict' ? null : (present) => refitWeights(operator, bandIndex, present),
    out,
    pixels: out.length,
  });
}
