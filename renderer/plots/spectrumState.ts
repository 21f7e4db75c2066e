import type { SegmentInfo } from '../../src/engine/contract/cube.ts';

/** One entry a band, in file order; null is no value. */
export type Numbers = readonly (number | null)[];

/** The spectrum of one pixel. */
export interface SpectrumCurve {
  /** Unlike any other curve's. */
  id: string;
  /** Pins draw their smoothed curve and derivative only. */
  kind: 'active' | 'pin';
  /** From 1; decides colour and dash. */
  pinNumber?: number;
  /** For people: "Line 127, sample 98", "Havel". */
  label: string;
  values: Numbers;
  smoothed: Numbers | null;
  derivative: Numbers | null;
  /** True where the filter's window was evaluated off-centre, at a segment's end. */
  edge: readonly boolean[];
}

/** Units as the engine writes them: "1", "reflectance/nm^2". */
export interface SpectrumUnits {
  values: string;
  smoothed: string;
  derivative: string;
}

/** What the spectrum plot, its legend and its words are made of. Arrays are compared by identity. */
export interface SpectrumState {
  /** The filter's axis; `band` also where the cube has no wavelengths. */
  axis: 'wavelength' | 'band';
  wavelengthsNm: Numbers | null;
  bandIsGood: readonly boolean[];
  bandNames: readonly (string | null)[] | null;
  /** Segments of the filter's axis. */
  segments: readonly SegmentInfo[];
  curves: readonly SpectrumCurve[];
  units: SpectrumUnits;
  derivativeOrder: number;
  /** The current band, or red, green and blue. The first can be dragged. */
  bandIndexes: readonly number[];
  /** What the values are: "Reflectance". */
  quantity: string;
}
