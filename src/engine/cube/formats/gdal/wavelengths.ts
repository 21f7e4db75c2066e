import type { Assumption } from '../../../contract/cube.ts';
import { parseNumber } from '../../../base/parseNumber.ts';
import { recogniseUnit, toNm, widthToNm, type WavelengthUnit } from '../../../base/wavelengthUnits.ts';
import { bandNumbers } from '../bandLists.ts';
import { wavelengthsInNames } from '../bandNames.ts';
import { entriesOf, type BandItems } from './bandItems.ts';

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
  /** Unit of each band's wavelength and width as the file spells it; null where it states none. */
  units: (string | null)[];
  widthUnits: (string | null)[];
  /** What is there and can't be read, in a sentence. */
  trouble: string | null;
  /** Differences from a better source up to this many nm are its rounding, not a conflict. */
  toleranceNm: number;
}

const namesLabel = 'band names';
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
  ];
  const axis: BandAxis = {
    wavelengthsNm: new Array<null>(items.bands).fill(null),
    fwhmNm: new Array<null>(items.bands).fill(null),
    units: null,
    assumptions,
  };
  let first: AxisSource | null = null;
  for (const source of sources) {
    if (source.trouble !== null) {
      assumptions.push({ field: 'wavelengthsNm', value: 'ignored', why: source.trouble });
    }
    if (source.values.every((value) => value === null)) continue;
    const units = resolveUnits(source, assumptions);
    if (units === null) continue;
    const nm = source.values.map((value, i) => toNmOrNull(value, units[i]));
    const widths = source.widths.map((width, i) => {
      const own = source.widthUnits[i] ?? null;
      const unit = own === null ? units[i] : recogniseUnit(own);
      return widthOrNull(width, own === null ? source.values[i] : null, unit);
    });
    if (first === null && source.label === namesLabel) {
      const why = 'The file states them in its band names only.';
      assumptions.push({ field: 'wavelengthsNm', value: 'from the band names', why });
    }
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
  const stated = quantitiesOfBands(items.textsOfBands(domain, wavelengthNames));
  const widths = quantitiesOfBands(items.textsOfBands(domain, widthNames));
  return {
    label,
    values: stated.entries.map((entry) => entry?.value ?? null),
    widths: widths.entries.map((entry) => entry?.value ?? null),
    units: stated.entries.map((entry, i) => entry?.unit ?? unitOf(i) ?? ofFile),
    widthUnits: widths.entries.map((entry) => entry?.unit ?? null),
    trouble: unreadable(label, stated),
    toleranceNm: 0.01,
  };
}

function ofFile(items: BandItems, domain: string, label: string): AxisSource {
  const { bands } = items;
  const unit = items.ofFile(domain, unitNames);
  const stated = quantitiesOfFile(items.ofFile(domain, wavelengthNames), bands);
  const widths = quantitiesOfFile(items.ofFile(domain, widthNames), bands);
  return {
    label,
    values: stated.entries.map((entry) => entry?.value ?? null),
    widths: widths.entries.map((entry) => entry?.value ?? null),
    units: stated.entries.map((entry) => entry?.unit ?? unit),
    widthUnits: widths.entries.map((entry) => entry?.unit ?? null),
    trouble: unreadable(label, stated),
    toleranceNm: 0.01,
  };
}

function imagery(items: BandItems): AxisSource {
  const label = 'IMAGERY metadata';
  const stated = quantitiesOfBands(items.textsOfBands('IMAGERY', ['CENTRAL_WAVELENGTH_UM']));
  const widths = quantitiesOfBands(items.textsOfBands('IMAGERY', ['FWHM_UM']));
  return {
    label,
    values: stated.entries.map((entry) => entry?.value ?? null),
    widths: widths.entries.map((entry) => entry?.value ?? null),
    units: stated.entries.map((entry) => entry?.unit ?? 'um'),
    widthUnits: widths.entries.map((entry) => entry?.unit ?? null),
    trouble: unreadable(label, stated),
    toleranceNm: 1.01,
  };
}

function fromNames(names: readonly (string | null)[]): AxisSource {
  const named = wavelengthsInNames(names);
  const none = new Array<null>(names.length).fill(null);
  return {
    label: namesLabel,
    values: named?.values ?? none,
    widths: none,
    units: named?.units ?? none,
    widthUnits: none,
    trouble: null,
    toleranceNm: 0.01,
  };
}

/** A number, and its unit where one stands behind it. */
interface Quantity {
  value: number;
  unit: string | null;
}

/** One entry a band, null where there is none to be read; `bad` lists bands whose text is none, `found` the first such text. */
interface Quantities {
  entries: (Quantity | null)[];
  bad: number[];
  found: string;
}

/** `500`, `500 nm`, `0.5um`; null for any other text. */
function quantity(text: string): Quantity | null {
  const plain = text.trim();
  const value = parseNumber(plain);
  if (value !== null) return Number.isFinite(value) ? { value, unit: null } : null;
  const match = /^([+-]?[\d.]{1,24}(?:[eE][+-]?\d{1,3})?)\s{0,8}([^\s\d].{0,40})$/.exec(plain);
  const number = parseNumber(match?.[1] ?? '');
  const unit = match?.[2] ?? '';
  return number === null || recogniseUnit(unit) === null ? null : { value: number, unit };
}

/** Some writers (Tanager) store the list of all bands' values in each band: then the band's own entry counts. */
function quantitiesOfBands(texts: readonly (string | null)[]): Quantities {
  const result: Quantities = { entries: [], bad: [], found: '' };
  texts.forEach((text, bandIndex) => {
    const list = text === null || text.trim() === '' ? [] : entriesOf(text);
    const own = list.length === texts.length ? list[bandIndex] : list.length === 1 ? list[0] : undefined;
    const entry = own === undefined ? null : quantity(own);
    result.entries.push(entry);
    if (entry === null && list.length > 0) {
      result.bad.push(bandIndex);
      result.found ||= own ?? text ?? '';
    }
  });
  return result;
}

function quantitiesOfFile(text: string | null, bands: number): Quantities {
  const list = text === null || text.trim() === '' ? [] : entriesOf(text);
  if (list.length === bands) return quantitiesOfBands(list);
  const entries = new Array<null>(bands).fill(null);
  if (list.length === 0) return { entries, bad: [], found: '' };
  return { entries, bad: entries.map((_, bandIndex) => bandIndex), found: text ?? '' };
}

function unreadable(label: string, { bad, found }: Quantities): string | null {
  if (bad.length === 0) return null;
  const shown = found.trim();
  const text = shown.length <= 40 ? shown : `${shown.slice(0, 37)}...`;
  return `The ${label} give "${text}" for bands ${bandNumbers(bad)}: not one wavelength a band.`;
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
