import type { Assumption } from '../../../contract/cube.ts';
import { recogniseUnit, toNm, widthToNm, type WavelengthUnit } from '../../../base/wavelengthUnits.ts';
import { bandNumbers } from '../bandLists.ts';
import { wavelengthsInNames } from '../bandNames.ts';
import { goodBandList } from '../goodBands.ts';
import { maxEntries, numbersOf, shorten, textOf } from './fields.ts';
import type { EnviHeader } from './header.ts';
import type { KnownKey } from './keys.ts';

/** Spectral fields of a header; lists have one entry a band and are null where the header states none of use. */
export interface SpectralFields {
  wavelengthsNm: (number | null)[] | null;
  fwhmNm: (number | null)[] | null;
  bandIsGood: boolean[];
  /** As the file spells it. */
  wavelengthUnits: string | null;
}

/**
 * Wavelengths and widths in nanometres and the list of bad bands (`bbl`: 1 or true is good, 0 or false bad). A list of another length than
 * `bands` and entries that are no numbers are left out, each with an assumption; nothing here is an error.
 */
export function readSpectralFields(
  header: EnviHeader,
  bands: number,
  assumptions: Assumption[],
): SpectralFields {
  const wavelengthUnits = textOf(header, 'wavelength units');
  const stated = listOfBands(header, 'wavelength', bands, assumptions);
  const widths = listOfBands(header, 'fwhm', bands, assumptions);
  const unit = unitOf(wavelengthUnits, stated, assumptions);
  const bandIsGood = readGoodBands(header, bands, assumptions);
  const wavelengthsNm =
    stated === null || unit === null
      ? null
      : stated.map((value) => (value === null ? null : toNm(value, unit)));
  noteMissing('wavelength', wavelengthsNm, assumptions);
  if (widths === null || unit === null) {
    return { wavelengthsNm: someOf(wavelengthsNm), fwhmNm: null, bandIsGood, wavelengthUnits };
  }
  // The position matters for inverse units only; there a width without a wavelength has no meaning.
  const fwhmNm = widths.map((width, bandIndex) =>
    width === null ? null : widthToNm(width, stated?.[bandIndex] ?? NaN, unit),
  );
  noteMissing('fwhm', fwhmNm, assumptions);
  return { wavelengthsNm: someOf(wavelengthsNm), fwhmNm: someOf(fwhmNm), bandIsGood, wavelengthUnits };
}

/**
 * Wavelengths that only the band names state, in nanometres, with an assumption that says so; null where they state
 * none. `units` is the header's own field, for names without a unit.
 */
export function wavelengthsOfNames(
  names: readonly string[] | null,
  units: string | null,
  assumptions: Assumption[],
): { wavelengthsNm: (number | null)[]; units: string | null } | null {
  const named = names === null ? null : wavelengthsInNames(names);
  if (named === null || units?.toLowerCase() === 'index') return null;
  const spelt = named.units.find((unit) => unit !== null) ?? units;
  const common = named.units.includes(null) ? unitOf(units, named.values, assumptions) : null;
  const wavelengthsNm = named.values.map((value, bandIndex) => {
    const own = named.units[bandIndex] ?? null;
    const unit = own === null ? common : recogniseUnit(own);
    return value === null || unit === null ? null : toNm(value, unit);
  });
  const why = 'The header has no usable list of wavelengths; the band names state them.';
  assumptions.push({ field: 'wavelength', value: 'from the band names', why });
  return { wavelengthsNm, units: spelt };
}

/** A list that has one entry a band, else null with an assumption that states both lengths. */
export function listOfBands(
  header: EnviHeader,
  key: KnownKey,
  bands: number,
  assumptions: Assumption[],
): (number | null)[] | null {
  const list = numbersOf(header, key);
  if (list === null || list.length === bands) return list;
  assumptions.push(wrongLength(key, list.length, bands));
  return null;
}

/** The assumption that a list was ignored for its length. */
export function wrongLength(key: KnownKey, length: number, bands: number): Assumption {
  const entries = length >= maxEntries ? `at least ${maxEntries}` : String(length);
  return { field: key, value: 'ignored', why: `The list has ${entries} entries, the cube ${bands} bands.` };
}

function unitOf(
  spelt: string | null,
  wavelengths: readonly (number | null)[] | null,
  assumptions: Assumption[],
): WavelengthUnit | null {
  if (spelt?.toLowerCase() === 'index') {
    const why = 'The unit is Index: the entries are numbers of bands, not wavelengths.';
    if (wavelengths !== null) assumptions.push({ field: 'wavelength', value: 'ignored', why });
    return null;
  }
  const known = spelt === null ? null : recogniseUnit(spelt);
  if (known !== null) return known;
  const least = (wavelengths ?? []).reduce<number>(
    (smallest, value) => (value !== null && value > 0 && value < smallest ? value : smallest),
    Infinity,
  );
  if (least === Infinity) return null;
  // The rule of EnMAP-Box: optical wavelengths are above 100 in nanometres and below in micrometres.
  const unit = least > 100 ? 'Nanometers' : 'Micrometers';
  const said = spelt === null ? 'The header states no unit' : `The header states "${shorten(spelt)}"`;
  const why = `${said}; the smallest wavelength, ${least}, is ${least > 100 ? 'above' : 'not above'} 100.`;
  assumptions.push({ field: 'wavelength units', value: unit, why });
  return unit;
}

function readGoodBands(header: EnviHeader, bands: number, assumptions: Assumption[]): boolean[] {
  const text = textOf(header, 'bbl');
  if (text === null) return new Array<boolean>(bands).fill(true);
  const list = goodBandList(text);
  if (list.length !== bands) {
    assumptions.push(wrongLength('bbl', list.length, bands));
    return new Array<boolean>(bands).fill(true);
  }
  const unclear = list.flatMap(({ isClear }, bandIndex) => (isClear ? [] : [bandIndex]));
  if (unclear.length > 0) {
    const why = `Entries of bands ${bandNumbers(unclear)} are neither 1 nor 0; only 0 counts as bad.`;
    assumptions.push({ field: 'bbl', value: 'good', why });
  }
  return list.map(({ good }) => good);
}

function noteMissing(
  key: 'wavelength' | 'fwhm',
  list: readonly (number | null)[] | null,
  assumptions: Assumption[],
): void {
  const missing = (list ?? []).flatMap((value, bandIndex) => (value === null ? [bandIndex] : []));
  if (missing.length === 0) return;
  const why = `Entries of bands ${bandNumbers(missing)} are not numbers that can be used.`;
  assumptions.push({ field: key, value: 'none for these bands', why });
}

const someOf = (list: (number | null)[] | null): (number | null)[] | null =>
  list?.some((value) => value !== null) === true ? list : null;
