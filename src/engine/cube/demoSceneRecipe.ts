import { CubelensError } from '../base/errors.ts';

/** All that the demo scene depends on: the same recipe gives the same bytes. */
export interface DemoRecipe {
  /** Seed of the fields' pattern and of the noise: a safe integer. */
  seed: number;
  lines: number;
  samples: number;
  /** Half of them (rounded down) belong to the first detector. */
  bands: number;
  /** False: stored values are the rounded noise-free ones. */
  noise: boolean;
  /** Standard deviation of the noise in reflectance, in good bands. */
  noiseSigma: number;
  /** How much noisier the bad bands are, where the atmosphere swallows the light. */
  badBandNoiseFactor: number;
  /** Legs of the triangle without data at the top right corner, as a share of the lines; 0: none. */
  noDataCorner: number;
}

/** What a caller wants otherwise than the standard scene has it. */
export type DemoRequest = { [Field in keyof DemoRecipe]?: DemoRecipe[Field] | undefined };

/** The bands of a demo scene; lists have one entry a band. */
export interface DemoAxis {
  wavelengthsNm: number[];
  fwhmNm: number[];
  bandIsGood: boolean[];
  bandNames: string[];
}

/** Stored value where the demo scene has no data. */
export const demoNoDataValue = 65535;
/** Stored value of reflectance 1. */
export const storedPerReflectance = 10_000;

const standard: DemoRecipe = {
  seed: 20240724,
  lines: 240,
  samples: 320,
  bands: 160,
  noise: true,
  noiseSigma: 0.001,
  badBandNoiseFactor: 20,
  noDataCorner: 0.1,
};

/** Pixels x bands that a demo scene may have: it is made in memory, 2 bytes each. */
const largestScene = 2 ** 28;

/**
 * The recipe of the demo scene, with what the caller wants otherwise.
 * Throws `invalid-request` with the field where a number is out of its range, `resource-exhausted` where the scene
 * would have more than 2^28 values.
 */
export function demoRecipe(overrides: DemoRequest = {}): DemoRecipe {
  const given = Object.entries(overrides).filter(([, value]) => value !== undefined);
  const recipe: DemoRecipe = { ...standard, ...Object.fromEntries(given) };
  if (!Number.isSafeInteger(recipe.seed)) throw refused('seed', recipe.seed, 'a whole number below 2^53');
  for (const field of ['lines', 'samples'] as const) requireWhole(recipe, field, 1, 65_536);
  requireWhole(recipe, 'bands', 4, 2048);
  requireRange(recipe, 'noiseSigma', 0, 1);
  requireRange(recipe, 'badBandNoiseFactor', 0, 1000);
  requireRange(recipe, 'noDataCorner', 0, 1);
  if (recipe.lines * recipe.samples * recipe.bands > largestScene) {
    throw new CubelensError(
      'resource-exhausted',
      `A demo scene of ${recipe.lines} lines x ${recipe.samples} samples x ${recipe.bands} bands is above the limit of ${largestScene} values.`,
      { field: 'lines', remedy: 'Choose fewer lines, samples or bands.' },
    );
  }
  return recipe;
}

function requireWhole(
  recipe: DemoRecipe,
  field: 'lines' | 'samples' | 'bands',
  from: number,
  to: number,
): void {
  const value = recipe[field];
  if (!Number.isInteger(value) || value < from || value > to) {
    throw refused(field, value, `a whole number from ${from} to ${to}`);
  }
}

function requireRange(
  recipe: DemoRecipe,
  field: 'noiseSigma' | 'badBandNoiseFactor' | 'noDataCorner',
  from: number,
  to: number,
): void {
  const value = recipe[field];
  if (!(value >= from && value <= to)) throw refused(field, value, `a number from ${from} to ${to}`);
}

function refused(field: keyof DemoRecipe, value: unknown, allowed: string): CubelensError {
  const message = `Demo scene: ${field} must be ${allowed}, not ${String(value)}.`;
  return new CubelensError('invalid-request', message, { field, remedy: `Give ${allowed}.` });
}

/** First and last band centre of the first detector, and how far back the second starts. */
const visible = { firstNm: 400, lastNm: 953 };
const overlapNm = 30;
const infraredLastNm = 1713;
/** The water vapour absorption whose bands are bad, ends included. */
const vapour = { fromNm: 1360, toNm: 1435 };

/**
 * The bands of a scene with `bands` bands, in file order. The first detector has bands from 400 to 953 nm, the second
 * from 923 (30 nm back) to 1713 nm. The first one's steps grow evenly so that the last is 2.5 times the first, the
 * second one's are even: with 160 bands from 4 to 10 nm, and 10 nm. Bands from 1360 to 1435 nm are bad: then eight.
 */
export function demoAxis(bands: number): DemoAxis {
  const visibleBands = Math.floor(bands / 2);
  const infraredBands = bands - visibleBands;
  const visibleNm = bandCentres(visible.firstNm, visible.lastNm, visibleBands, 2.5);
  const infraredNm = bandCentres(visible.lastNm - overlapNm, infraredLastNm, infraredBands, 1);
  const wavelengthsNm = [...visibleNm, ...infraredNm];
  return {
    wavelengthsNm,
    fwhmNm: [...widths(visibleNm), ...widths(infraredNm)],
    bandIsGood: wavelengthsNm.map((nm) => nm < vapour.fromNm || nm > vapour.toNm),
    bandNames: wavelengthsNm.map((_, band) =>
      band < visibleBands ? `VNIR ${band + 1}` : `SWIR ${band - visibleBands + 1}`,
    ),
  };
}

/** Centres from `first` to `last`, whose steps grow evenly to `ratio` times the first one; rounded to 0.001 nm. */
function bandCentres(first: number, last: number, count: number, ratio: number): number[] {
  const steps = Array.from({ length: count - 1 }, (_, i) => 1 + ((ratio - 1) * i) / Math.max(1, count - 2));
  const unit = (last - first) / steps.reduce((sum, step) => sum + step, 0);
  let nm = first;
  return [first, ...steps.map((step) => roundedNm((nm += step * unit)))];
}

/** Full widths at half maximum: 1.2 x the step to the next band (of the last: from the one before). */
function widths(centresNm: readonly number[]): number[] {
  return centresNm.map((_, i) => {
    const at = Math.min(i, centresNm.length - 2);
    return roundedNm(1.2 * ((centresNm[at + 1] ?? 0) - (centresNm[at] ?? 0)));
  });
}

const roundedNm = (nm: number): number => Math.round(nm * 1000) / 1000;
