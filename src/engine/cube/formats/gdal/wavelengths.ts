import { recogniseUnit, toNm, widthToNm, type WavelengthUnit } from '../../../base/wavelengthUnits.ts';
import type { Assumption } from '../../cube.ts';
import type { BandItems } from './bandItems.ts';

/** Wavelengths and widths of the bands in nanometres, and the unit as the file spells it. */
export interface BandAxis {
  wavelengthsNm: (number | null)[];
  fwhmNm: (number | null)[];
  units: string | null;
  assumptions: Assumption[];
}

/** One place in the file that may state wavelengths. */
interface AxisSource {
  label: string;
  values: (number | null)[];
  widths: (number | null)[];
  /** Unit of each band as the file spells it; null where it states none. */
  units: (string | null)[];
  /** Differences from a better source up to this many nm are its rounding, not a conflict. */
  toleranceNm: number;
}

const wavelengthNames = ['wavelength', 'wavelengths', 'center_wavelength'];
const unitNames = ['wavelength_units', 'wavelength_unit', 'wavelengths_units'];
const widthNames = ['fwhm', 'bandwidth'];

/**
 * Wavelengths from all places GDAL files keep them, the most trusted first: band items, the ENVI domain of bands, lists
 * for the whole file, GDAL's IMAGERY domain (micrometres to three decimals), band names such as
 * "band 1 (418.24 Nanometers)". Each band takes the first that states it; disagreements are recorded.
 */
export function readBandAxis(items: BandItems, names: readonly (string | null)[]): BandAxis {
  const assumptions: Assumption[] = [];
  const sources = [
    ofBands(items, '', 'band metadata'),
    ofBands(items, 'ENVI', 'ENVI metadata of the bands'),
    ofFile(items, 'ENVI', 'ENVI metadata of the file'),
    ofFile(items, '', 'metadata of the file'),
    imagery(items),
    fromNames(names),
  ].filter(({ values }) => values.some((value) => value !== null));
  const axis: BandAxis = {
    wavelengthsNm: new Array<null>(items.bands).fill(null),
    fwhmNm: new Array<null>(items.bands).fill(null),
    units: null,
    assumptions,
  };
  let first: AxisSource | null = null;
  for (const source of sources) {
    const units = resolveUnits(source, assumptions);
    if (units === null) continue;
    const nm = source.values.map((value, i) => toNmOrNull(value, units[i]));
    const widths = source.widths.map((width, i) => widthOrNull(width, source.values[i], units[i]));
    if (first !== null) recordConflict(axis.wavelengthsNm, nm, source, first, assumptions);
    merge(axis.wavelengthsNm, nm);
    merge(axis.fwhmNm, widths);
    axis.units ??= source.units.find((unit) => unit !== null) ?? null;
    first ??= source;
  }
  return axis;
}

function ofBands(items: BandItems, domain: string, label: string): AxisSource {
  const ofFile = items.ofFile(domain, unitNames) ?? items.ofFile('', unitNames);
  const unitOf = items.ofBands(domain, unitNames);
  return {
    label,
    values: items.numbersOfBands(domain, wavelengthNames),
    widths: items.numbersOfBands(domain, widthNames),
    units: Array.from({ length: items.bands }, (_, i) => unitOf(i) ?? ofFile),
    toleranceNm: 0.01,
  };
}

function ofFile(items: BandItems, domain: string, label: string): AxisSource {
  return {
    label,
    values: items.numbersOfFile(domain, wavelengthNames),
    widths: items.numbersOfFile(domain, widthNames),
    units: new Array<string | null>(items.bands).fill(items.ofFile(domain, unitNames)),
    toleranceNm: 0.01,
  };
}

function imagery(items: BandItems): AxisSource {
  return {
    label: 'IMAGERY metadata',
    values: items.numbersOfBands('IMAGERY', ['CENTRAL_WAVELENGTH_UM']),
    widths: items.numbersOfBands('IMAGERY', ['FWHM_UM']),
    units: new Array<string>(items.bands).fill('um'),
    toleranceNm: 1.01,
  };
}

/** Names that close with a wavelength and a known unit in brackets. */
function fromNames(names: readonly (string | null)[]): AxisSource {
  const found = names.map((name) => {
    const match = /\(\s*(\d{1,12}(?:\.\d{1,12})?)\s?([^\s()\d][^\s()]{0,15})\s*\)\s*$/.exec(
      name?.slice(-64) ?? '',
    );
    const [, value, unit] = match ?? [];
    return value !== undefined && unit !== undefined && recogniseUnit(unit) !== null ? { value, unit } : null;
  });
  return {
    label: 'band names',
    values: found.map((entry) => (entry === null ? null : Number(entry.value))),
    widths: new Array<null>(names.length).fill(null),
    units: found.map((entry) => entry?.unit ?? null),
    toleranceNm: 0.01,
  };
}

/**
 * The unit of each band. Where it is missing or unknown: nanometres if the smallest number is above 100, else
 * micrometres, and that is recorded. Null where the numbers are no wavelengths (unit `Index`).
 */
function resolveUnits(source: AxisSource, assumptions: Assumption[]): (WavelengthUnit | null)[] | null {
  const stated = source.values.map((value, i) => (value === null ? null : (source.units[i] ?? '')));
  const unknown = stated.find((unit) => unit !== null && recogniseUnit(unit) === null);
  if (unknown === undefined || unknown === null) {
    return stated.map((unit) => (unit === null ? null : recogniseUnit(unit)));
  }
  if (unknown.trim().toLowerCase() === 'index') {
    const why = `The ${source.label} number the bands (unit Index) instead of giving wavelengths.`;
    assumptions.push({ field: 'wavelengthsNm', value: 'none', why });
    return null;
  }
  let least = Infinity;
  for (const value of source.values) if (value !== null && value > 0 && value < least) least = value;
  const guess: WavelengthUnit = least > 100 ? 'Nanometers' : 'Micrometers';
  const lacking = unknown.trim() === '' ? 'state no unit' : `state the unit "${unknown.trim().slice(0, 40)}"`;
  const why = `The ${source.label} ${lacking}; the smallest wavelength is ${least}, ${least > 100 ? 'above' : 'not above'} 100.`;
  assumptions.push({ field: 'wavelengthUnits', value: guess, why });
  return stated.map((unit) => (unit === null ? null : (recogniseUnit(unit) ?? guess)));
}

function recordConflict(
  kept: readonly (number | null)[],
  other: readonly (number | null)[],
  source: AxisSource,
  first: AxisSource,
  assumptions: Assumption[],
): void {
  const differing = kept.flatMap((nm, i) => {
    const also = other[i] ?? null;
    return nm !== null && also !== null && Math.abs(nm - also) > source.toleranceNm ? [i] : [];
  });
  const [at] = differing;
  if (at === undefined) return;
  const why = `The ${source.label} disagree for ${differing.length} bands (band ${at + 1}: ${other[at]} nm instead of ${kept[at]} nm); the ${first.label} are used.`;
  assumptions.push({ field: 'wavelengthsNm', value: `from the ${first.label}`, why });
}

function merge(into: (number | null)[], from: readonly (number | null)[]): void {
  for (let i = 0; i < into.length; i++) into[i] ??= from[i] ?? null;
}

function toNmOrNull(value: number | null, unit: WavelengthUnit | null | undefined): number | null {
  return value === null || !unit ? null : toNm(value, unit);
}

function widthOrNull(
  width: number | null,
  at: number | null | undefined,
  unit: WavelengthUnit | null | undefined,
): number | null {
  return width === null || at === null || at === undefined || !unit ? null : widthToNm(width, at, unit);
}
