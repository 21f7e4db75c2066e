import { realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import type { ByteSource, FileState, SourceRef } from './byteSource.ts';
import { FileSource } from './fileSource.ts';
import { checkInside } from './grants.ts';

/**
 * A granted file and the siblings that belong to it by name (x.hdr beside x.dat): nothing else can be opened. Opening is
 * synchronous: for worker threads only.
 */
export class GrantedFiles {
  readonly name: string;
  readonly #folder: string;
  readonly #within: string | null;
  readonly #opened = new Map<string, FileSource>();
  #siblings: Promise<readonly string[]> | undefined;

  /** @param path real path of the granted file. @param within folder that siblings' real paths must lie in. */
  constructor(path: string, within: string | null) {
    this.name = basename(path);
    this.#folder = dirname(path);
    this.#within = within;
  }

  /** Names in the folder that may belong to the granted file. Empty where the folder cannot be listed. */
  siblings(): Promise<readonly string[]> {
    // One look for one opening: pair, format and sidecar all ask.
    return (this.#siblings ??= this.#list());
  }

  async #list(): Promise<readonly string[]> {
    try {
      const names = await readdir(this.#folder);
      return names.filter((name) => belongsTo(this.name, name));
    } catch {
      // A folder may allow opening a file and yet not listing: the pair is then found by name alone.
      return [];
    }
  }

  open(name: string): Promise<{ source: ByteSource; ref: SourceRef }> {
    try {
      const file = this.#opened.get(name) ?? this.#openNow(name);
      this.#opened.set(name, file);
      const state: FileState = file.state;
      return Promise.resolve({
        source: file,
        ref: { kind: 'file', path: join(this.#folder, name), name, state },
      });
    } catch (thrown) {
      return Promise.reject(asCubelensError(thrown, name));
    }
  }

  close(): void {
    for (const file of this.#opened.values()) file.close();
    this.#opened.clear();
  }

  #openNow(name: string): FileSource {
    if (name !== basename(name) || !belongsTo(this.name, name)) {
      throw new CubelensError('access-denied', `${name} does not belong to ${this.name}.`, { file: name });
    }
    const path = join(this.#folder, name);
    if (this.#within !== null) checkInside(realpathSync(path), this.#within);
    return new FileSource(path, name);
  }
}

/** True where two names share their stem: x.hdr, x.dat, x.dat.hdr, X.HDR and x belong together. */
export function belongsTo(chosen: string, other: string): boolean {
  const a = chosen.toLowerCase();
  const b = other.toLowerCase();
  const stem = a.replace(/\.[^.]*$/, '') || a;
  return b === a || b === stem || b.startsWith(`${stem}.`);
}
