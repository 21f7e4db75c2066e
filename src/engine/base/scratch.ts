/** Larger buffers are not kept: a worker holds a few of these for as long as it lives. */
const keptBytes = 32 * 1024 * 1024;

/**
 * Memory that one thread uses again and again: fresh pages cost more than the work that is done on them. Whoever takes
 * it owns it until it is taken the next time.
 */
export class Scratch {
  #buffer = new ArrayBuffer(0);

  /** A buffer of at least `bytes` bytes; what it holds is left over from before. */
  take(bytes: number): ArrayBuffer {
    if (bytes > keptBytes) return new ArrayBuffer(bytes);
    if (this.#buffer.byteLength < bytes) this.#buffer = new ArrayBuffer(bytes);
    return this.#buffer;
  }

  /** True for the buffer that will be taken again. */
  holds(buffer: ArrayBufferLike): boolean {
    return buffer === this.#buffer;
  }
}
