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

  /**
   * One number a band from band items. Some writers (Tanager) store the list of all bands' values in each band: then
   * the band's own entry counts. Null where a band has no item or it is not a number.
   */
  numbersOfBands(domain: string, names: readonly string[]): (number | null)[] {
    const textOf = this.ofBands(domain, names);
    return Array.from({ length: this.bands }, (_, bandIndex) => {
      const text = textOf(bandIndex);
      if (text === null) return null;
      const list = numberList(text);
      if (list.length === 1) return list[0] ?? null;
      return list.length === this.bands ? (list[bandIndex] ?? null) : null;
    });
  }

  /** One number a band from a list for the whole file; all null where its length is not the number of bands. */
  numbersOfFile(domain: string, names: readonly string[]): (number | null)[] {
    const text = this.ofFile(domain, names);
    const list = text === null ? [] : numberList(text);
    return list.length === this.bands ? list : new Array<null>(this.bands).fill(null);
  }
}

/** Entries of a list: `1, 2`, `{1, 2}`, `[1 2]`; null where an entry is not a finite number. `true` is 1, `false` 0. */
export function numberList(text: string): (number | null)[] {
  const entries = text.replace(/[{}[\]()]/g, ' ').split(/[\s,;]+/);
  const list: (number | null)[] = [];
  for (const entry of entries) {
    if (entry === '') continue;
    const lower = entry.toLowerCase();
    const value = lower === 'true' ? 1 : lower === 'false' ? 0 : Number(entry);
    list.push(Number.isFinite(value) ? value : null);
  }
  return list;
}

const keyOf = (domain: string, name: string): string =>
  `${domain.toLowerCase()}\n${name.toLowerCase().replace(/[\s_]+/g, '')}`;
