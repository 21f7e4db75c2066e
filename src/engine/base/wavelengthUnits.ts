/** Wavelength units, spelled as ENVI headers spell them. */
export const wavelengthUnits = [
  'Micrometers',
  'Nanometers',
  'Millimeters',
  'Centimeters',
  'Meters',
  'Angstroms',
  'Wavenumber',
  'GHz',
  'MHz',
] as const;

export type WavelengthUnit = (typeof wavelengthUnits)[number];

/** Powers of ten from each unit of length to nanometres. */
const lengthExponent: Partial<Record<WavelengthUnit, number>> = {
  Angstroms: -1,
  Nanometers: 0,
  Micrometers: 3,
  Millimeters: 6,
  Centimeters: 7,
  Meters: 9,
};

/**
 * Units that are inverse to the wavelength: nm = factor / value. A wavenumber in cm^-1 is 1e7 / nm; a frequency is
 * c / wavelength with c = 299 792 458 m/s (exact by the definition of the metre).
 */
const inverseFactor: Partial<Record<WavelengthUnit, number>> = {
  Wavenumber: 1e7,
  GHz: 299_792_458,
  MHz: 299_792_458_000,
};

/**
 * A wavelength in nanometres. Units of length are shifted in decimal: 0.45 micrometres are exactly the double 450.
 * Null where the value is not finite or not positive: 0 and -1 stand in files for "unknown".
 */
export function toNm(value: number, unit: WavelengthUnit): number | null {
  return convert(value, unit, 1);
}

/** The inverse of `toNm`: a wavelength in nanometres, in `unit`. Null where there is no such value. */
export function fromNm(nm: number, unit: WavelengthUnit): number | null {
  return convert(nm, unit, -1);
}

/**
 * A width (fwhm) in nanometres at the position `atValue`; width and position are in `unit`. For inverse units this is
 * the first-order width |d nm / d value| x width = factor / value^2 x width. Null where one of them has no meaning.
 */
export function widthToNm(width: number, atValue: number, unit: WavelengthUnit): number | null {
  return convertWidth(width, atValue, unit, 1);
}

/** The inverse of `widthToNm`: width and position in nanometres, the result in `unit`. */
export function widthFromNm(widthNm: number, atNm: number, unit: WavelengthUnit): number | null {
  return convertWidth(widthNm, atNm, unit, -1);
}

/**
 * The unit a file names, in any case, singular or plural, British or American, or null where it is none of ours
 * (`Index`, `Unknown`, empty).
 */
export function recogniseUnit(text: string): WavelengthUnit | null {
  if (text.length > 64) return null;
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_.^*()[\]{}]+/g, '')
    .replace(/\u2212/g, '-')
    .replace(/metre/g, 'meter');
  return spellings.get(plain) ?? spellings.get(plain.replace(/s$/, '')) ?? null;
}

// Spellings after normalisation: NFKC turns the micro sign into the Greek mu and the angstrom sign into the letter.
const spellings = new Map<string, WavelengthUnit>([
  ...named('Micrometers', 'micrometer', 'micron', 'um', '\u03bcm', 'mum', '\u03bc', 'mkm'),
  ...named('Nanometers', 'nanometer', 'nm'),
  ...named('Millimeters', 'millimeter', 'mm'),
  ...named('Centimeters', 'centimeter', 'cm'),
  ...named('Meters', 'meter', 'm'),
  ...named('Angstroms', 'angstrom', '\u00e5ngstr\u00f6m', '\u00e5', 'ang'),
  ...named('Wavenumber', 'wavenumber', 'cm-1', '1/cm', '/cm', 'percm', 'reciprocalcentimeter', 'kayser'),
  ...named('GHz', 'ghz', 'gigahertz'),
  ...named('MHz', 'mhz', 'megahertz'),
]);

function named(unit: WavelengthUnit, ...names: string[]): [string, WavelengthUnit][] {
  return names.map((name) => [name, unit]);
}

function convert(value: number, unit: WavelengthUnit, sign: 1 | -1): number | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  const exponent = lengthExponent[unit];
  if (exponent !== undefined) return finite(shiftDecimal(value, sign * exponent));
  // factor / value is its own inverse, so the sign does not matter.
  const factor = inverseFactor[unit];
  return factor === undefined ? null : finite(factor / value);
}

function convertWidth(width: number, at: number, unit: WavelengthUnit, sign: 1 | -1): number | null {
  if (!Number.isFinite(width) || width < 0) return null;
  const exponent = lengthExponent[unit];
  if (exponent !== undefined) return finite(shiftDecimal(width, sign * exponent));
  const factor = inverseFactor[unit];
  return factor === undefined || !(at > 0) ? null : finite((factor * width) / (at * at));
}

/**
 * value x 10^places, rounded once: the double nearest to the decimal product of the value's shortest decimal form, as
 * a person would shift the point. (0.56 x 1000 in doubles is 560.0000000000001.)
 */
function shiftDecimal(value: number, places: number): number {
  if (places === 0) return value;
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
