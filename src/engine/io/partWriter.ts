import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { asCubelensError } from '../base/errors.ts';
import type { OutputFile } from './outputFile.ts';

/** Writes bytes at a position of a temporary file; synchronous: for worker threads only. */
export class PartWriter {
  readonly #descriptor: number;
  readonly #name: string;

  constructor(output: OutputFile) {
    this.#name = output.name;
    try {
      this.#descriptor = openSync(output.part, 'r+');
    } catch (thrown) {
      throw asCubelensError(thrown, output.name);
    }
  }

  write(bytes: Uint8Array, position: number): void {
    try {
      let done = 0;
      while (done < bytes.length) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done);
      }
    } catch (thrown) {
      throw asCubelensError(thrown, this.#name);
    }
  }

  /** Cuts the file to its true length: for outputs whose size is known only at the end (PNG, texts). */
  finish(bytes: number): void {
    try {
      ftruncateSync(this.#descriptor, bytes);
      fsyncSync(this.#descriptor);
    } catch (thrown) {
      throw asCubelensError(thrown, this.#name);
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
