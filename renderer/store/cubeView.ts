import type {
  BuiltInImage,
  ColourMapName,
  CubeInfo,
  FilterSettings,
  OpenCubeAnswer,
} from '../../src/engine/contract/index.ts';
import type { Pin } from './pins.ts';

/** What the band view shows of a cube. */
export type ImageMode = 'band' | 'rgb' | 'smoothed' | 'derivative';

/** Values that the first and the last colour stand for. */
export interface Limits {
  low: number;
  high: number;
}

/** How values become colours: by percentiles of the image, by its extremes, or between numbers (one pair a plane). */
export type Stretch =
  | { kind: 'percentiles'; low: number; high: number }
  | { kind: 'extremes' }
  | { kind: 'numbers'; planes: readonly Limits[] };

export interface Display {
  stretch: Stretch;
  colourMap: ColourMapName;
}

/** Modes that show the same quantity share their display. */
export type DisplayName = 'value' | 'rgb' | 'derivative';

/** What a person sets on a cube and can undo. */
export interface CubeSettings {
  /** Of curves and of smoothed and derivative images alike. `derivative` is 1 to 3, or 0 where the degree is 0. */
  filter: FilterSettings;
  displays: Readonly<Record<DisplayName, Display>>;
  pins: readonly Pin[];
}

export interface Pixel {
  line: number;
  sample: number;
}

/** Where a person is in a cube; band indexes count from 0. */
export interface CubeView {
  mode: ImageMode;
  bandIndex: number;
  rgb: readonly [number, number, number];
  pixel: Pixel | null;
  tab: 'spectrum' | 'numbers';
}

export const displayOf = (mode: ImageMode): DisplayName =>
  mode === 'rgb' || mode === 'derivative' ? mode : 'value';

/** How a cube is set first: window 11, degree 2, second derivative, less where the cube has few bands. */
export function firstSettings(info: CubeInfo): CubeSettings {
  const percentiles = { kind: 'percentiles', low: 2, high: 98 } as const;
  return {
    filter: firstFilter(info),
    displays: {
      value: { stretch: percentiles, colourMap: 'gray' },
      rgb: { stretch: percentiles, colourMap: 'gray' },
      derivative: { stretch: percentiles, colourMap: 'blue-red' },
    },
    pins: [],
  };
}

function firstFilter({ segments, wavelengthsNm }: CubeInfo): FilterSettings {
  const longest = Math.max(0, ...segments.map((one) => one.lastBandIndex - one.firstBandIndex + 1));
  const odd = longest % 2 === 1 ? longest : longest - 1;
  return {
    window: Math.max(3, Math.min(11, odd)),
    degree: 2,
    derivative: 2,
    axis: wavelengthsNm === null ? 'band' : 'wavelength',
    edge: 'fit',
    gap: 'refit',
  };
}

/** True where a cube's bands are a spectrum that a filter can have: at least three good bands in a row. */
export const isFilterable = ({ segments }: CubeInfo): boolean =>
  segments.some((one) => one.lastBandIndex - one.firstBandIndex >= 2);

/** Red, where plants, soil and water differ. */
const firstNm = 680;

/** Where a person begins in a cube: the file's default band, else red light, else the band in the middle. */
export function firstView({ info }: OpenCubeAnswer): CubeView {
  const [red, green, blue] = info.defaultBandIndexes ?? [];
  const bandIndex = red ?? nearestBand(info, firstNm, 30) ?? middleGoodBand(info.bandIsGood);
  const three: readonly [number, number, number] =
    red !== undefined && green !== undefined && blue !== undefined ? [red, green, blue] : trueColour(info);
  return { mode: 'band', bandIndex, rgb: three, pixel: null, tab: 'spectrum' };
}

function middleGoodBand(bandIsGood: readonly boolean[]): number {
  const good = bandIsGood.flatMap((isGood, bandIndex) => (isGood ? [bandIndex] : []));
  return good[good.length >> 1] ?? 0;
}

/** Red, green and blue as an eye has them, in nanometres. */
const trueColourNm = [640, 550, 460] as const;

/** The bands nearest to red, green and blue where the wavelengths reach there, else three spread over the good ones. */
export function trueColour(info: CubeInfo): [number, number, number] {
  const found = trueColourNm.map((nm) => nearestBand(info, nm, 30));
  const [red, green, blue] = found;
  if (isBand(red) && isBand(green) && isBand(blue)) return [red, green, blue];
  const good = info.bandIsGood.flatMap((isGood, bandIndex) => (isGood ? [bandIndex] : []));
  const at = (share: number): number => good[Math.round(share * (good.length - 1))] ?? 0;
  return [at(0.75), at(0.5), at(0.25)];
}

const isBand = (bandIndex: number | null | undefined): bandIndex is number => typeof bandIndex === 'number';

/** True where red, green and blue are what an eye sees. */
export const hasTrueColour = (info: CubeInfo): boolean =>
  trueColourNm.every((nm) => nearestBand(info, nm, 30) !== null);

/** The good band nearest to a wavelength and at most so far from it, the lower number on a tie; null: there is none. */
export function nearestBand(info: CubeInfo, nm: number, withinNm = Infinity): number | null {
  let nearest: number | null = null;
  let least = Infinity;
  info.wavelengthsNm?.forEach((wavelengthNm, bandIndex) => {
    if (wavelengthNm === null || info.bandIsGood[bandIndex] !== true) return;
    const distance = Math.abs(wavelengthNm - nm);
    if (distance >= least) return;
    least = distance;
    nearest = bandIndex;
  });
  return least <= withinNm ? nearest : null;
}

/** What the engine is asked for to show a view. */
export function imageOf({ mode, bandIndex, rgb }: CubeView, { filter }: CubeSettings): BuiltInImage {
  switch (mode) {
    case 'band':
      return { kind: 'band', parameters: { bandIndex } };
    case 'rgb':
      return { kind: 'composite', parameters: { bandIndexes: [...rgb], filter: null } };
    case 'smoothed':
      return { kind: 'filtered', parameters: { bandIndex, filter: { ...filter, derivative: 0 } } };
    case 'derivative':
      return { kind: 'filtered', parameters: { bandIndex, filter } };
  }
}
