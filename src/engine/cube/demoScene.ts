import { CubelensError } from '../base/errors.ts';
import { seededRandom, type Random } from '../base/random.ts';
import { demoAbundances, demoClasses, demoNoData } from './demoSceneLandscape.ts';
import {
  demoMaterials,
  materialReflectance,
  type DemoMaterial,
  type DerivativeOrder,
} from './demoSceneMaterials.ts';
import { demoAxis, demoNoDataValue, storedPerReflectance, type DemoRecipe } from './demoSceneRecipe.ts';

export { demoClassMapCube, demoSceneCube } from './demoSceneCube.ts';
export { demoNoDataValue, demoRecipe, type DemoRecipe } from './demoSceneRecipe.ts';

/** A scene whose truth is known: mixtures of five materials with analytic spectra. Wavelengths in nm, bands from 0. */
export interface DemoScene {
  recipe: DemoRecipe;
  wavelengthsNm: number[];
  fwhmNm: number[];
  bandIsGood: boolean[];
  bandNames: string[];
  materials: readonly DemoMaterial[];
  /** lines x samples x materials, the material fastest; each pixel's sum is 1. */
  abundances: Float64Array;
  /** lines x samples: 0 no data, else 1 + the index of the most abundant material. */
  classMap: Uint8Array<SharedArrayBuffer>;
  /** Stored values in ENVI BIL order (line, band, sample): reflectance x 10000, rounded; 65535 where no data. */
  stored: Uint16Array<SharedArrayBuffer>;
  /**
   * The exact spectrum under the noise, one value a band (bad bands too): reflectance, its first derivative per nm or
   * its second per nm^2; NaN where the pixel has no data. Line and sample from 0; throws `out-of-range` outside.
   */
  noiseFreeSpectrum(line: number, sample: number, order: DerivativeOrder): Float64Array;
}

/**
 * Makes the demo scene of a recipe (see `demoRecipe`): a river with a lake, roads, fields of crop and soil, and woods.
 * A pixel's reflectance is the sum of abundance x material reflectance at the band centres; noise is normal.
 */
export function demoScene(recipe: DemoRecipe): DemoScene {
  const axis = demoAxis(recipe.bands);
  const abundances = demoAbundances(recipe);
  const missing = demoNoData(recipe);
  const spectra = ([0, 1, 2] as const).map((order) => materialSpectra(axis.wavelengthsNm, order));
  const count = demoMaterials.length;
  const classMap = new Uint8Array(new SharedArrayBuffer(missing.length));
  classMap.set(demoClasses(abundances, missing));

  const noiseFreeSpectrum = (line: number, sample: number, order: DerivativeOrder): Float64Array => {
    requireInside(recipe, line, sample);
    const pixel = line * recipe.samples + sample;
    const out = new Float64Array(recipe.bands);
    if (missing[pixel] === 1) return out.fill(Number.NaN);
    for (const [m, spectrum] of (spectra[order] ?? []).entries()) {
      const share = abundances[pixel * count + m] ?? 0;
      for (let band = 0; band < out.length; band += 1) {
        out[band] = (out[band] ?? 0) + share * (spectrum[band] ?? 0);
      }
    }
    return out;
  };

  const stored = storedValues(recipe, axis.bandIsGood, abundances, missing, spectra[0] ?? []);
  return { recipe, ...axis, materials: demoMaterials, abundances, classMap, stored, noiseFreeSpectrum };
}

/** One spectrum a material at the band centres. */
function materialSpectra(wavelengthsNm: readonly number[], order: DerivativeOrder): Float64Array[] {
  return demoMaterials.map((material) =>
    Float64Array.from(wavelengthsNm, (nm) => materialReflectance(material, nm, order)),
  );
}

function storedValues(
  recipe: DemoRecipe,
  bandIsGood: readonly boolean[],
  abundances: Float64Array,
  missing: Uint8Array,
  spectra: readonly Float64Array[],
): Uint16Array<SharedArrayBuffer> {
  const { lines, samples, bands, seed, noise, noiseSigma, badBandNoiseFactor } = recipe;
  const stored = new Uint16Array(new SharedArrayBuffer(lines * samples * bands * 2));
  const reflectance = new Float64Array(samples);
  for (let line = 0; line < lines; line += 1) {
    // A sequence of its own for each line: the noise does not depend on the order in which lines are made.
    const random = noise ? seededRandom(seed, 1000 + line) : null;
    const shares = planes(abundances, line, samples);
    for (let band = 0; band < bands; band += 1) {
      mix(shares, spectra, band, reflectance);
      const sigma = noiseSigma * (bandIsGood[band] === true ? 1 : badBandNoiseFactor);
      const at = (line * bands + band) * samples;
      quantise(reflectance, sigma, random, stored.subarray(at, at + samples));
      for (let sample = 0; sample < samples; sample += 1) {
        if (missing[line * samples + sample] === 1) stored[at + sample] = demoNoDataValue;
      }
    }
  }
  return stored;
}

/** A line's abundances, one array of `samples` a material. */
function planes(abundances: Float64Array, line: number, samples: number): Float64Array[] {
  const count = demoMaterials.length;
  return demoMaterials.map((_, m) => {
    const plane = new Float64Array(samples);
    for (let sample = 0; sample < samples; sample += 1) {
      plane[sample] = abundances[(line * samples + sample) * count + m] ?? 0;
    }
    return plane;
  });
}

/** Sum of share x reflectance over the materials, in their order: the same arithmetic as `noiseFreeSpectrum`. */
function mix(
  shares: readonly Float64Array[],
  spectra: readonly Float64Array[],
  band: number,
  out: Float64Array,
): void {
  out.fill(0);
  for (const [m, share] of shares.entries()) {
    const reflectance = spectra[m]?.[band] ?? 0;
    for (let sample = 0; sample < out.length; sample += 1) {
      out[sample] = (out[sample] ?? 0) + (share[sample] ?? 0) * reflectance;
    }
  }
}

/** Adds noise, scales and rounds; kept between 0 and 65534, so that noise never looks like no data. */
function quantise(reflectance: Float64Array, sigma: number, random: Random | null, out: Uint16Array): void {
  for (let sample = 0; sample < out.length; sample += 1) {
    const noisy = (reflectance[sample] ?? 0) + (random === null ? 0 : sigma * random.normal());
    out[sample] = Math.min(demoNoDataValue - 1, Math.max(0, Math.round(noisy * storedPerReflectance)));
  }
}

function requireInside({ lines, samples }: DemoRecipe, line: number, sample: number): void {
  const inside = (value: number, size: number): boolean =>
    Number.isInteger(value) && value >= 0 && value < size;
  if (inside(line, lines) && inside(sample, samples)) return;
  throw new CubelensError(
    'out-of-range',
    `Demo scene: there is no pixel at line ${line}, sample ${sample}; it has ${lines} lines and ${samples} samples.`,
    { remedy: `Give a line from 0 to ${lines - 1} and a sample from 0 to ${samples - 1}.` },
  );
}
