import type { FilterSettings } from '../contract/filter.ts';
import type { PixelSpectrum, SpectrumResult, StoredEntry } from '../contract/spectra.ts';
import type { StoredArray } from '../base/dataTypes.ts';
import type { LineSampleWindow } from '../base/window.ts';
import { isComplexType } from '../base/dataTypes.ts';
import type { CubeDescription } from '../cube/cube.ts';
import { wavelengthsOf } from '../cube/info.ts';
import {
  numbersOfStored,
  readStored,
  scaleBands,
  type ReadableCube,
  type ReadContext,
} from '../cube/read.ts';
import { filterSpectrum } from '../spectral/filterSpectrum.ts';
import { filteredUnit } from './computedBands.ts';
import { operatorFor, operatorNotes } from './operators.ts';

/** All that a spectrum result holds beside its pixels. */
export function spectrumFrame(
  cube: ReadableCube,
  filter: FilterSettings | null,
): Omit<SpectrumResult, 'pixels'> {
  const { description } = cube;
  return {
    filter,
    wavelengthsNm: wavelengthsOf(description),
    bandIsGood: description.bandRecords.map((record) => record.good),
    units: unitsOf(description, filter),
    notes: filter === null ? [] : operatorNotes(operatorFor(cube, filter)),
    assumptions: description.assumptions,
  };
}

/** The spectrum of one pixel, in float64: stored numbers, values, smoothed curve and derivative. */
export async function pixelSpectrum(
  cube: ReadableCube,
  at: { line: number; sample: number },
  filter: FilterSettings | null,
  context: ReadContext,
): Promise<PixelSpectrum> {
  const { bands, dataType } = cube.description;
  const window = { line0: at.line, sample0: at.sample, lines: 1, samples: 1 };
  const bandIndexes = Array.from({ length: bands }, (_, bandIndex) => bandIndex);
  const stored = await readStored(cube, window, bandIndexes, context);
  const numbers = await numbersOfStored(cube, window, bandIndexes, stored, context);
  const values = Float64Array.from(numbers);
  scaleBands(cube.description, bandIndexes, values);
  const pixel: PixelSpectrum = {
    line: at.line,
    sample: at.sample,
    stored: bandIndexes.map((k) => storedEntry(stored, k, isComplexType(dataType))),
    values: jsonNumbers(values),
    smoothed: null,
    derivative: null,
    edge: bandIndexes.map(() => false),
  };
  if (filter === null) return pixel;
  const smoothed = filterSpectrum(operatorFor(cube, { ...filter, derivative: 0 }), numbers);
  const derivative = filter.derivative === 0 ? smoothed : filterSpectrum(operatorFor(cube, filter), numbers);
  return {
    ...pixel,
    smoothed: jsonNumbers(smoothed.result),
    derivative: jsonNumbers(derivative.result),
    edge: derivative.edge,
  };
}

/** Stored number and value of one band in a window of one pixel. */
export async function bandPixel(
  cube: ReadableCube,
  bandIndex: number,
  window: LineSampleWindow,
  context: ReadContext,
): Promise<{ stored: StoredEntry; value: number | null }> {
  const stored = await readStored(cube, window, [bandIndex], context);
  const entry = storedEntry(stored, 0, isComplexType(cube.description.dataType));
  const values = Float64Array.from(await numbersOfStored(cube, window, [bandIndex], stored, context));
  scaleBands(cube.description, [bandIndex], values);
  return { stored: entry, value: jsonNumbers(values)[0] ?? null };
}

const jsonNumbers = (values: ArrayLike<number>): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null));

/** A stored number as JSON; `index` counts values (complex: pairs). */
export function storedEntry(stored: StoredArray, index: number, complex: boolean): StoredEntry {
  if (complex) {
    const re = Number(stored[2 * index]);
    const im = Number(stored[2 * index + 1]);
    return Number.isFinite(re) && Number.isFinite(im) ? [re, im] : null;
  }
  const value = stored[index] ?? NaN;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return Number.isFinite(value) ? value : null;
}

function unitsOf(cube: CubeDescription, filter: FilterSettings | null): SpectrumResult['units'] {
  const values = cube.bandRecords[0]?.unit ?? '1';
  return { values, smoothed: values, derivative: filter === null ? values : filteredUnit(values, filter) };
}
