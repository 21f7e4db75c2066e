import { writeTemporary } from '../../exports/writeOneFile.ts';
import { writeWholePart } from '../../exports/writeWholePart.ts';
import { commitOutput } from '../../io/outputFile.ts';
import type { VaeState } from './state.ts';
import { stateToBytes } from './stateFile.ts';

/** Least time between two writings, in ms: an epoch of a small training takes less. */
const apartMs = 2000;

/** Keeps the last checkpoint of a training in a file, which is always whole. */
export class Checkpoints {
  readonly #path: string;
  #latest: VaeState | null = null;
  #writtenAt = -Infinity;
  #writing: Promise<void> = Promise.resolve();

  /** @param path of the file; an old one is replaced by the first writing. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Takes a state; it is written soon, unless a newer one comes before. */
  take(state: VaeState): void {
    this.#latest = state;
    if (performance.now() - this.#writtenAt < apartMs) return;
    this.#writtenAt = performance.now();
    this.#writing = this.#writing.then(() => this.#write());
    // What goes wrong is said by `flush`.
    this.#writing.catch(() => undefined);
  }

  /** Writes what is not written yet. Throws what writing threw. */
  async flush(): Promise<void> {
    await this.#writing;
    await this.#write();
  }

  async #write(): Promise<void> {
    const state = this.#latest;
    if (state === null) return;
    this.#latest = null;
    const output = await writeTemporary(this.#path, (file) => {
      writeWholePart(file, stateToBytes(state));
      return Promise.resolve();
    });
    await commitOutput(output);
  }
}
