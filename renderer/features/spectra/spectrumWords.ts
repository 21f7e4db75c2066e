import type { OpenCubeAnswer, SpectrumResult } from '../../../src/engine/contract/index.ts';
import type { NumbersData } from '../../plots/numbersRows.ts';
import type { SpectrumCurve, SpectrumState } from '../../plots/spectrumState.ts';
import type { CubeView, Pixel } from '../../store/cubeView.ts';
import { segmentsOn } from '../../store/segments.ts';
import type { SpectraState } from './spectraState.ts';

/** What values are called on an axis. */
export function quantityOf({ info }: OpenCubeAnswer, unit: string): string {
  if (unit !== '1' && unit !== '') return unit.slice(0, 1).toUpperCase() + unit.slice(1);
  return info.scale === null ? 'Stored value' : 'Value';
}

/** The curves of an answer, without what moves under the hand: the same arrays as long as the answer is the same. */
export function plotOf(
  cube: OpenCubeAnswer,
  result: SpectrumResult,
  pinned: SpectraState['pinned'] = null,
): Omit<SpectrumState, 'bandIndexes'> {
  const { info } = cube;
  const { filter, units } = result;
  return {
    axis: filter?.axis ?? (info.wavelengthsNm === null ? 'band' : 'wavelength'),
    wavelengthsNm: info.wavelengthsNm,
    bandIsGood: info.bandIsGood,
    bandNames: info.bandNames,
    segments: segmentsOn(cube, filter),
    curves: [
      ...result.pixels.map((pixel) => ({
        id: 'active',
        kind: 'active' as const,
        label: pixelWords(pixel),
        ...curveOf(pixel, result),
      })),
      // While the answer of another filter is late, its curves would stand on the wrong axes.
      ...(pinned !== null && sameFilter(pinned.result, result) ? pinCurves(pinned) : []),
    ],
    units,
    derivativeOrder: filter?.derivative ?? 0,
    quantity: quantityOf(cube, units.values),
  };
}

const sameFilter = (a: SpectrumResult, b: SpectrumResult): boolean =>
  JSON.stringify(a.filter) === JSON.stringify(b.filter);

const pinCurves = ({ pins, result }: NonNullable<SpectraState['pinned']>): SpectrumCurve[] =>
  pins.flatMap(({ number, line, sample }, at) => {
    const pixel = result.pixels[at];
    if (pixel === undefined) return [];
    const curve = curveOf(pixel, result);
    return [
      {
        id: `pin ${number}`,
        kind: 'pin',
        pinNumber: number,
        // There is little room in the legend.
        label: `${line}, ${sample}`,
        ...curve,
        // Pins draw no dots: where nothing is smoothed, their line is of the values.
        smoothed: curve.smoothed ?? curve.values,
      },
    ];
  });

const curveOf = (
  { values, smoothed, derivative, edge }: SpectrumResult['pixels'][number],
  { filter }: SpectrumResult,
): Pick<SpectrumCurve, 'values' | 'smoothed' | 'derivative' | 'edge'> => ({
  values,
  smoothed,
  derivative: (filter?.derivative ?? 0) > 0 ? derivative : null,
  edge,
});

/** The same as a table. */
export function numbersOf(cube: OpenCubeAnswer, result: SpectrumResult): NumbersData | null {
  const [spectrum] = result.pixels;
  if (spectrum === undefined) return null;
  const { info } = cube;
  const order = result.filter?.derivative ?? 0;
  return {
    wavelengthsNm: info.wavelengthsNm,
    bandIsGood: info.bandIsGood,
    bandNames: info.bandNames,
    segments: segmentsOn(cube, result.filter),
    spectrum: order > 0 ? spectrum : { ...spectrum, derivative: null },
    units: result.units,
    derivativeOrder: order,
  };
}

export const pixelWords = ({ line, sample }: Pixel): string => `Line ${line}, sample ${sample}`;

/** The band that is current, or the three of a colour picture. */
export const currentBands = ({ mode, bandIndex, rgb }: CubeView): readonly number[] =>
  mode === 'rgb' ? rgb : [bandIndex];
