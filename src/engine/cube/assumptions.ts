import type { Assumption } from '../contract/cube.ts';

/** What an answer is made of: pixels alone, spectra on the cube's axis, or a file that carries everything on. */
export type AnswerKind = 'statistics' | 'spectrum' | 'output';

// Fields by what they say, as ENVI, GeoTIFF and open options name them.
const labels = /^(?:band names|bandNames|class|default bands|unit$|overview)/;
const place =
  /^(?:map info|coordinate system string|projection info|pixel size|geoTransform|crs|orientation)/;
const axis = /^(?:wavelength|fwhm|bbl|bandIsGood|joins|joinIndexes)/;

/**
 * The assumptions that touch an answer of this kind, without those that the person stated: statistics depend on the
 * stored numbers only, spectra on the axis too, and an output keeps names and place as well.
 */
export function assumptionsTouching(assumptions: readonly Assumption[], kind: AnswerKind): Assumption[] {
  return assumptions.filter(({ field, why }) => {
    if (why === setByPerson) return false;
    if (kind === 'output') return true;
    return !labels.test(field) && !place.test(field) && (kind === 'spectrum' || !axis.test(field));
  });
}

/** The reason of every override. */
export const setByPerson = 'set by the person who opened the file';
