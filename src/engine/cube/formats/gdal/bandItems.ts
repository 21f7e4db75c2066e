import { parseNumber } from '../../../base/parseNumber.ts';
import type { MetadataItem } from './metadataItems.ts';

/** Metadata items by name, for each band and for the whole file. Names ignore case, spaces and underscores. */
export class BandItems {
  readonly bands: number;
  readonly #ofBand = new Map<string, Map<number, string>>();
  readonly #ofFile = new Map<string, string>();

  constructor(items: readonly MetadataItem[], bands: number) {
    this.bands = bands;
    for (const { name, sample, domain, role, value } of items) {
      const keys = [keyOf(domain, name)];
      // A role is what GDAL goes by; the name beside it only repeats it.
      if (role !== '') keys.push(keyOf('role', role));
      for (const key of keys) {
        if (sample === null) this.#ofFile.set(key, value);
        else if (sample < bands) {
          const values = this.#ofBand.get(key) ?? new Map<number, string>();
          values.set(sample, value);
          this.#ofBand.set(key, values);
        }
      }
    }
  }

  /** Looks up the text of a band (index from 0), under the first of these names that it has. */
  ofBands(domain: string, names: readonly string[]): (bandIndex: number) => string | null {
    const maps = names.flatMap((name) => this.#ofBand.get(keyOf(domain, name)) ?? []);
    return (bandIndex) => {
      for (const values of maps) {
        const value = values.get(bandIndex);
        if (value !== undefined) return value;
      }
      return null;
    };
  }

  /** The text for the whole file, under the first of these names that it has. */
  ofFile(domain: string, names: readonly string[]): string | null {
    for (const name of names) {
      const value = this.#ofFile.get(keyOf(domain, name));
      if (value !== undefined) return value;
    }
    return null;
  }

  /** The text of each band, under the first of these names that it has; null where a band has none. */
  textsOfBands(domain: string, names: readonly string[]): (string | null)[] {
    const textOf = this.ofBands(domain, names);
    return Array.from({ length: this.bands }, (_, bandIndex) => textOf(bandIndex));
  }
}

/**
 * Entries of a list: `1, 2`, `{1, 2}`, `[1 2]`, `500 nm, 510 nm`. Blanks part entries only where there is no comma or
 * semicolon and the first two of them are numbers.
 */
export function entriesOf(text: string): string[] {
  const plain = text.replace(/[{}[\]()]/g, ' ').trim();
  if (/[,;]/.test(plain)) {
    const entries = plain.split(/\s*[,;]\s*/);
    return entries.at(-1) === '' ? entries.slice(0, -1) : entries;
  }
  const words = plain.split(/\s+/);
  const isList = words.length > 1 && parseNumber(words[1] ?? '') !== null;
  return isList ? words : [plain];
}

const keyOf = (domain: string, name: string): string =>
  `${domain.toLowerCase()}\n${name.toLowerCase().replace(/[\s_]+/g, '')}`;
