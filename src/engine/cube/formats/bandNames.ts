import { recogniseUnit, toNm } from '../../base/wavelengthUnits.ts';

/** Wavelengths that stand in band names, one entry a band: the number, and its unit as spelt (null: none stated). */
export interface NamedWavelengths {
  values: (number | null)[];
  units: (string | null)[];
}

const bracketed = /\(\s{0,8}(\d{1,12}(?:\.\d{1,12})?)\s{0,2}([^\s()\d.][^\s()]{0,15})?\s{0,8}\)\s*$/;
const closing =
  /(?:^|[^\d.])(\d{1,12}(?:\.\d{1,12})?)\s{0,2}(nm|nanomet(?:er|re)s?|um|\u00b5m|\u03bcm|micromet(?:er|re)s?)\s*$/i;

/** Wavelengths of sensors lie in here; numbers in names that do not are something else. */
const leastNm = 100;
const mostNm = 1e6;

/**
 * Wavelengths in names such as "band 1 (418.24 Nanometers)", "Band 1 (500.000000)" or "B3 560 nm"; null where the names
 * hold none. Taken only where the numbers differ from band to band and can be wavelengths; without a unit only where
 * every band has a number with decimals ("NDVI (2001)" is a year).
 */
export function wavelengthsInNames(names: readonly (string | null)[]): NamedWavelengths | null {
  const found = names.map(inName);
  const stated = found.filter((entry) => entry !== null);
  if (stated.length === 0) return null;
  const hasUnits = stated.every(({ unit }) => unit !== null);
  const areAll = stated.length === names.length && stated.every(({ text }) => text.includes('.'));
  if (!hasUnits && !areAll) return null;
  if (names.length > 1 && new Set(stated.map(({ text, unit }) => `${text} ${unit}`)).size < stated.length)
    return null;
  const least = Math.min(...stated.slice(0, 65_536).map(({ text }) => Number(text)));
  const arePlausible = stated.every(({ text, unit }) => {
    const known = recogniseUnit(unit ?? (least > 100 ? 'Nanometers' : 'Micrometers'));
    const nm = known === null ? null : toNm(Number(text), known);
    return nm !== null && nm >= leastNm && nm <= mostNm;
  });
  if (!arePlausible) return null;
  return {
    values: found.map((entry) => (entry === null ? null : Number(entry.text))),
    units: found.map((entry) => entry?.unit ?? null),
  };
}

function inName(name: string | null): { text: string; unit: string | null } | null {
  const end = name?.slice(-64) ?? '';
  const [, text, unit] = bracketed.exec(end) ?? closing.exec(end) ?? [];
  if (text === undefined) return null;
  if (unit === undefined) return { text, unit: null };
  return recogniseUnit(unit) === null ? null : { text, unit };
}

/** A place where numbered band names skip. */
export interface ChannelSkip {
  /** The band before the skip, from 0. */
  bandIndex: number;
  /** First and last number that no band has. */
  first: number;
  last: number;
}

/**
 * Where names that number a sensor's channels ("AVIRIS channel 4", "AVIRIS channel 5", ...) leave numbers out. Empty
 * unless all names are alike but for one rising number, which mostly rises by one.
 */
export function channelSkips(names: readonly (string | null)[]): ChannelSkip[] {
  const skips: ChannelSkip[] = [];
  let before: { stem: string; number: number } | null = null;
  for (const [index, name] of names.entries()) {
    const match = /^(\D*)(\d{1,9})(\D*)$/.exec(name?.slice(0, 200) ?? '');
    if (match === null) return [];
    const here: { stem: string; number: number } = {
      stem: `${match[1]}#${match[3]}`,
      number: Number(match[2]),
    };
    if (before !== null) {
      if (here.stem !== before.stem || here.number <= before.number) return [];
      if (here.number > before.number + 1) {
        skips.push({ bandIndex: index - 1, first: before.number + 1, last: here.number - 1 });
      }
    }
    before = here;
  }
  return skips.length * 3 <= names.length ? skips : [];
}
