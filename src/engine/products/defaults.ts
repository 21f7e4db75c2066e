import type { FilterRequest } from '../contract/filter.ts';
import type { FilterSettings } from '../contract/filter.ts';
import { CubelensError } from '../base/errors.ts';
import type { CubeDescription } from '../cube/cube.ts';
import { wavelengthsOf } from '../cube/info.ts';
import { buildAxis, defaultAxis } from '../spectral/axis.ts';
import { checkFilter } from '../spectral/filter.ts';

/**
 * The complete filter, or null where none of window, degree and derivative is given. Window 11, degree 2; derivative 0
 * (for spectra: 2, or the degree where that is lower); the wavelength axis where the cube has wavelengths.
 * Throws `invalid-request` for axis, edge or gap without a filter and for settings out of range.
 */
export function completeFilter(
  cube: CubeDescription,
  asked: FilterRequest,
  purpose: 'spectrum' | 'image',
): FilterSettings | null {
  const { window, degree = 2, derivative } = asked;
  if (window === undefined && asked.degree === undefined && derivative === undefined) {
    const stray = (['axis', 'edge', 'gap'] as const).find((field) => asked[field] !== undefined);
    if (stray === undefined) return null;
    throw new CubelensError('invalid-request', `${stray} has no meaning without a filter.`, {
      field: stray,
      remedy: 'Give a window, a degree or a derivative as well.',
    });
  }
  const filter: FilterSettings = {
    window: window ?? 11,
    degree,
    derivative: derivative ?? (purpose === 'spectrum' ? Math.min(2, degree) : 0),
    axis: asked.axis ?? defaultAxis(wavelengthsOf(cube)),
    edge: asked.edge ?? 'fit',
    gap: asked.gap ?? 'refit',
  };
  checkFilter(filter);
  return filter;
}

/**
 * Index of the good band nearest to a wavelength in nm, the lower one on a tie. Throws `out-of-range` where the nearest
 * is farther than one local step: the larger of the steps to that band's neighbours in its segment.
 */
export function bandAtWavelength(cube: CubeDescription, wavelengthNm: number): number {
  const wavelengthsNm = wavelengthsOf(cube);
  if (wavelengthsNm === null) {
    throw new CubelensError('invalid-request', `${cube.file} has no wavelengths.`, {
      file: cube.file,
      field: 'wavelength',
      remedy: 'Give a band number.',
    });
  }
  const bandIsGood = cube.bandRecords.map((record) => record.good);
  const axis = buildAxis({ kind: 'wavelength', wavelengthsNm, bandIsGood, joinIndexes: cube.joinIndexes });
  let nearest: { bandIndex: number; distance: number; step: number } | null = null;
  for (const { bandIndexes } of axis.segments) {
    bandIndexes.forEach((bandIndex, place) => {
      const at = axis.coordinates[bandIndex] ?? NaN;
      const distance = Math.abs(at - wavelengthNm);
      const lower = distance === nearest?.distance && bandIndex < nearest.bandIndex;
      if (nearest !== null && !(distance < nearest.distance) && !lower) return;
      const steps = [bandIndexes[place - 1], bandIndexes[place + 1]].flatMap((neighbour) =>
        neighbour === undefined ? [] : Math.abs((axis.coordinates[neighbour] ?? NaN) - at),
      );
      // A band alone in its segment reaches as far as it is wide.
      const step = Math.max(0, ...steps, steps.length === 0 ? (cube.bandRecords[bandIndex]?.fwhmNm ?? 1) : 0);
      nearest = { bandIndex, distance, step };
    });
  }
  return within(nearest, axis.coordinates, wavelengthNm);
}

function within(
  nearest: { bandIndex: number; distance: number; step: number } | null,
  coordinates: Float64Array,
  wavelengthNm: number,
): number {
  if (nearest !== null && nearest.distance <= nearest.step) return nearest.bandIndex;
  const near =
    nearest === null
      ? 'no band is good'
      : `the nearest good band, ${nearest.bandIndex + 1}, lies at ${coordinates[nearest.bandIndex]} nm`;
  throw new CubelensError('out-of-range', `No band lies at ${wavelengthNm} nm: ${near}.`, {
    field: 'wavelength',
    remedy: 'Give a wavelength that the cube covers, or a band number.',
  });
}
