/** A store bounded in bytes: what was used longest ago goes out first. */
export class ByteLru<Value> {
  readonly #budget: number;
  readonly #gone: (value: Value, key: string) => void;
  // A Map keeps the order of insertion: the first is the least recently used.
  readonly #entries = new Map<string, { value: Value; bytes: number }>();
  #bytes = 0;

  /** `gone` is told of every value that leaves, whatever the reason. */
  constructor(budgetBytes: number, gone: (value: Value, key: string) => void = () => undefined) {
    this.#budget = budgetBytes;
    this.#gone = gone;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, which counts as used now. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** True where there is a value; does not count as use. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /**
   * Keeps a value. Others go out until all fit the budget, except those that `isKept` names: what is on the screen stays
   * even where it alone is more than the budget, or it would be fetched for ever.
   */
  set(key: string, value: Value, bytes: number, isKept: (key: string) => boolean = () => false): void {
    this.delete(key);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    if (this.#bytes <= this.#budget) return;
    for (const other of [...this.#entries.keys()]) {
      if (this.#bytes <= this.#budget) return;
      if (other !== key && !isKept(other)) this.delete(other);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    this.#gone(entry.value, key);
  }

  clear(): void {
    for (const key of [...this.#entries.keys()]) this.delete(key);
  }
}
