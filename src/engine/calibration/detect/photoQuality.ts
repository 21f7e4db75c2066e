import type { GreyImage } from '../../photos/grey.ts';
import { levelAt } from './greyImage.ts';

/** Grey levels at and above which, and at and below which, a photo holds no more differences. */
const [lightest, darkest] = [254, 1];
/** Share of such pixels from which a photo counts as over- or underexposed. */
const clippedShare = 0.4;
/** Difference of the levels that 1 % and 99 % of the pixels lie below, from which there is contrast. */
const leastContrast = 20;
/** An edge that is wider than this share of a square blurs its corners together; standard deviation of the blur over the square. */
const blurShare = 0.12;
/** The steepest step of a photo with edges passes this share of its contrast a pixel. */
const steepest = 0.04;

/** What may keep a board from being found in a photo, in words; null where nothing is seen. */
export function photoFault({ width, height, data }: GreyImage): string | null {
  const histogram = new Uint32Array(256);
  for (const level of data) {
    const bin = Math.min(255, Math.max(0, Math.round(level)));
    histogram[bin] = (histogram[bin] as number) + 1;
  }
  const count = data.length;
  const share = (from: number, to: number): number =>
    histogram.subarray(from, to + 1).reduce((sum, n) => sum + n, 0) / count;
  const below = (part: number): number => {
    let sum = 0;
    for (let level = 0; level < 256; level++) {
      sum += histogram[level] as number;
      if (sum >= part * count) return level;
    }
    return 255;
  };
  const contrast = below(0.99) - below(0.01);
  if (share(lightest, 255) > clippedShare) return `${percent(share(lightest, 255))} of it is overexposed`;
  if (share(0, darkest) > clippedShare) return `${percent(share(0, darkest))} of it is black`;
  if (contrast < leastContrast) return `its contrast is only ${contrast} grey levels of 255`;
  const steps = new Uint32Array(256);
  for (let y = 0; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const i = y * width + x;
      const step = Math.min(255, Math.round(Math.abs((data[i] as number) - (data[i - 1] as number))));
      steps[step] = (steps[step] as number) + 1;
    }
  }
  let [few, step] = [0, 255];
  for (; step > 0 && few < 0.001 * count; step--) few += steps[step] as number;
  return step < steepest * contrast ? 'it is blurred: there is no sharp edge in it' : null;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/**
 * What makes the corners of a board that was found doubtful, in words: its squares are blurred or saturated; null where
 * nothing does.
 * @param corners [u, v], column fastest, of a board of [columns, rows] inner corners.
 */
export function boardFault(
  image: GreyImage,
  corners: readonly (readonly [number, number])[],
  [columns, rows]: readonly [number, number],
): string | null {
  const blurs: number[] = [];
  let [clipped, looked] = [0, 0];
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const n = r * columns + c;
      const [a, b, d] = [corners[n], corners[n + 1], corners[n + columns]] as [P, P, P];
      // The square's middle and that of the next one across the edge from a to d.
      const blur = blurAcross(image, [(a[0] + d[0]) / 2, (a[1] + d[1]) / 2], [b[0] - a[0], b[1] - a[1]]);
      if (blur !== null) blurs.push(blur);
      const level = levelAt(image, (b[0] + d[0]) / 2, (b[1] + d[1]) / 2);
      // Dark squares that are black are no loss, light ones that are white bleed over their edges.
      if (level >= lightest) clipped += 1;
      looked += 1;
    }
  }
  if (clipped > clippedShare * looked) return 'its light squares are saturated, which moves their corners';
  blurs.sort((x, y) => x - y);
  const median = blurs[Math.floor(blurs.length / 2)];
  if (median === undefined || median < blurShare) return null;
  return `it is blurred by ${percent(median)} of a square`;
}

type P = readonly [number, number];

/**
 * Standard deviation of the blur of the edge at a place, over the length of the step across it: an edge blurred by s climbs
 * by contrast / (s sqrt(2 pi)) a pixel at most. Null where no edge is there.
 */
function blurAcross(image: GreyImage, [x, y]: P, [dx, dy]: P): number | null {
  const places = 40;
  const level = (t: number): number => levelAt(image, x + t * dx, y + t * dy);
  let [low, high, slope] = [Infinity, -Infinity, 0];
  for (let k = -places / 2; k <= places / 2; k++) {
    const t = (0.8 * k) / places;
    const value = level(t);
    low = Math.min(low, value);
    high = Math.max(high, value);
    slope = Math.max(slope, Math.abs(level(t + 0.05) - level(t - 0.05)) / 0.1);
  }
  const contrast = high - low;
  return contrast > 6 ? contrast / (slope * Math.sqrt(2 * Math.PI)) : null;
}
