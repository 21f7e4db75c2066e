import type { FilterSettings } from '../contract/filter.ts';
import type { StoredArray, ValueArray } from '../base/dataTypes.ts';
import type { LineSampleWindow } from '../base/window.ts';
import { readNumbers, readStored, readValues, type ReadableCube, type ReadContext } from '../cube/read.ts';
import { applyRow } from '../kernels/bandedOperator.ts';
import { refitWeights, type BandedOperator } from '../spectral/operator.ts';
import { operatorFor, rowFor } from './operators.ts';
import { shownBands, type ImageRecipe } from './recipe.ts';

/**
 * One image of a window: planes x lines x samples, float32 (or the stored type for kind `stored`).
 * Throws `invalid-request` for a filtered image of a band that has none, `out-of-range`, `malformed-file`, `cancelled`.
 */
export async function computeImage(
  cube: ReadableCube,
  recipe: ImageRecipe,
  window: LineSampleWindow,
  context: ReadContext,
): Promise<StoredArray> {
  const bands = shownBands(recipe);
  if (recipe.kind === 'stored') return readStored(cube, window, bands, context);
  if (recipe.kind === 'band' || recipe.filter === null) {
    return asFloat32(await readValues(cube, window, bands, context));
  }
  const needed = neededBands(cube, recipe);
  const filterInto = await readToFilter(cube, recipe.filter, needed, window, context);
  const pixels = window.lines * window.samples;
  const out = new Float32Array(bands.length * pixels);
  bands.forEach((bandIndex, k) => filterInto(bandIndex, out.subarray(k * pixels, (k + 1) * pixels)));
  return out;
}

/** Filters one band of a window, already read, into `out`: one result a pixel, NaN where there is none. */
export type FilterInto = (bandIndex: number, out: Float32Array) => void;

/**
 * Reads the bands that a filter needs (`bandsOfRows`) in a window, and gives what filters one band after the other. A
 * result is the float64 one of a spectrum, rounded to float32: the operator takes unscaled numbers. Where `context` has
 * memory of its own, results are to be asked for before the next read. Throws as `readNumbers` and `operatorFor`.
 */
export async function readToFilter(
  cube: ReadableCube,
  filter: FilterSettings,
  needed: readonly number[],
  window: LineSampleWindow,
  context: ReadContext,
): Promise<FilterInto> {
  const operator = operatorFor(cube, filter);
  const numbers = await readNumbers(cube, window, needed, context);
  const planes = planesOf(numbers, needed, window.lines * window.samples);
  return (bandIndex, out) => filterBand(operator, bandIndex, planes, out);
}

/** Band indexes whose pixels an image needs, rising. Throws as `computeImage` does for a band without an image. */
export function neededBands(cube: ReadableCube, recipe: ImageRecipe): number[] {
  const bands = shownBands(recipe);
  if (recipe.kind === 'band' || recipe.kind === 'stored' || recipe.filter === null) return bands;
  const operator = operatorFor(cube, recipe.filter);
  for (const bandIndex of bands) rowFor(cube, operator, bandIndex);
  return bandsOfRows(operator, bands);
}

/** Band indexes in the windows of these bands' rows, rising; bands without a row add none. */
export function bandsOfRows(operator: BandedOperator, bandIndexes: readonly number[]): number[] {
  const needed = new Set(
    bandIndexes.flatMap((bandIndex) => [...(operator.rows[bandIndex]?.bandIndexes ?? [])]),
  );
  return [...needed].sort((a, b) => a - b);
}

/** Planes of numbers by band index. */
export type BandPlanes = ReadonlyMap<number, ValueArray>;

/** Cuts a band-sequential array into planes. */
export function planesOf(numbers: ValueArray, bandIndexes: readonly number[], pixels: number): BandPlanes {
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
  const windowPlanes: ValueArray[] = [];
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

const asFloat32 = (values: ValueArray): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);
