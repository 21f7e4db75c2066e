/**
 * Weights (or what goes with them) by gap pattern, bounded: when full, the pattern used longest ago goes. A pattern is a band and which bands of
 * its window are present.
 */
export class PatternCache<Weights> {
  readonly #entries = new Map<string, Weights>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Patterns held now. */
  get size(): number {
    return this.#entries.size;
  }

  /** The weights kept under this key, or those that `design` makes now. */
  obtain(key: string, design: () => Weights): Weights {
    let weights = this.#entries.get(key);
    if (weights === undefined) weights = design();
    else this.#entries.delete(key);
    // A Map lists its keys in the order they were set: the first is the one used longest ago.
    this.#entries.set(key, weights);
    if (this.#entries.size > this.#limit) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest);
        break;
      }
    }
    return weights;
  }
}

/** A short unique key of a band and the presence of its window's bands: 16 bits a character. */
export function patternKey(bandIndex: number, present: ArrayLike<boolean | number>): string {
  let key = `${bandIndex}:`;
  let bits = 0;
  for (let i = 0; i < present.length; i++) {
    bits = (bits << 1) | (present[i] ? 1 : 0);
    if (i % 16 === 15 || i === present.length - 1) {
      key += String.fromCharCode(bits);
      bits = 0;
    }
  }
  return key;
}
