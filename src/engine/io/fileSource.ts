import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import { throwIfAborted, type CancelOptions } from '../base/signal.ts';
import type { ByteSource, FileState, SourceOpener, SourceRef } from './byteSource.ts';

/** Open files one worker keeps; more are closed, least recently used first. */
const maximumOpenFiles = 32;

/** Reads of one system call; longer ones are cut so that a cancel is noticed within a few milliseconds. */
const maximumReadBytes = 16 * 1024 * 1024;

/** State of a regular file. Throws `not-found` for a folder or a missing file, `access-denied` where it applies. */
export function fileState(path: string): FileState {
  return stateOf(regularFile(path, basename(path)));
}

function regularFile(path: string, name: string): Stats {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (thrown) {
    throw asCubelensError(thrown, name);
  }
  if (stats.isDirectory()) {
    throw new CubelensError('not-found', `${name} is a folder, not a file.`, {
      file: name,
      remedy: 'Choose a file inside it.',
    });
  }
  // A pipe or device would block the thread for ever.
  if (!stats.isFile()) {
    throw new CubelensError('unsupported-format', `${name} is not a regular file.`, {
      file: name,
      remedy: 'Save the data to a file first.',
    });
  }
  return stats;
}

const stateOf = (stats: Stats): FileState => ({ size: stats.size, modifiedMs: stats.mtimeMs });

/** A file on disk. Reads are synchronous system calls behind the asynchronous interface: for worker threads only. */
export class FileSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly state: FileState;
  readonly #path: string;
  #descriptor: number | null;

  /** Opens the file. Throws `not-found`, `access-denied`, `unsupported-format` (not a regular file). */
  constructor(path: string, name = basename(path)) {
    this.name = name;
    this.#path = path;
    regularFile(path, name);
    try {
      this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      this.state = stateOf(fstatSync(this.#descriptor));
    } catch (thrown) {
      throw asCubelensError(thrown, name);
    }
    this.size = this.state.size;
  }

  /** Throws where the file at the path is no longer the one that was opened. */
  checkUnchanged(expected: FileState): void {
    const now = stateOf(regularFile(this.#path, this.name));
    if (now.size !== expected.size || now.modifiedMs !== expected.modifiedMs) {
      throw hasChanged(this);
    }
  }

  async read(offset: number, length: number, options?: CancelOptions): Promise<Uint8Array> {
    checkRange(this, offset, length);
    const target = new Uint8Array(length);
    await this.readInto(offset, target, options);
    return target;
  }

  readInto(offset: number, target: Uint8Array, options: CancelOptions = {}): Promise<void> {
    try {
      this.#readNow(offset, target, options);
      return Promise.resolve();
    } catch (thrown) {
      return Promise.reject(asCubelensError(thrown, this.name));
    }
  }

  #readNow(offset: number, target: Uint8Array, options: CancelOptions): void {
    checkRange(this, offset, target.length);
    if (this.#descriptor === null) throw new CubelensError('internal', `${this.name} is already closed.`);
    let done = 0;
    while (done < target.length) {
      throwIfAborted(options.signal);
      const wanted = Math.min(target.length - done, maximumReadBytes);
      const got = readSync(this.#descriptor, target, done, wanted, offset + done);
      if (got === 0) throw hasChanged(this);
      done += got;
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

/** A block of shared memory read like a file. */
export class MemorySource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(name: string, buffer: SharedArrayBuffer) {
    this.name = name;
    this.size = buffer.byteLength;
    this.#bytes = new Uint8Array(buffer);
  }

  async read(offset: number, length: number, options?: CancelOptions): Promise<Uint8Array> {
    checkRange(this, offset, length);
    const target = new Uint8Array(length);
    await this.readInto(offset, target, options);
    return target;
  }

  readInto(offset: number, target: Uint8Array, options: CancelOptions = {}): Promise<void> {
    try {
      throwIfAborted(options.signal);
      checkRange(this, offset, target.length);
    } catch (thrown) {
      return Promise.reject(asCubelensError(thrown, this.name));
    }
    target.set(this.#bytes.subarray(offset, offset + target.length));
    return Promise.resolve();
  }
}

/** Opens sources by reference and keeps the last few files open; every opening checks that the file is unchanged. */
export class SourceCache implements SourceOpener {
  readonly #files = new Map<string, FileSource>();

  open(ref: SourceRef): ByteSource {
    if (ref.kind === 'memory') return new MemorySource(ref.name, ref.buffer);
    let file = this.#files.get(ref.path);
    if (file !== undefined && !sameState(file.state, ref.state)) {
      this.#files.delete(ref.path);
      file.close();
      file = undefined;
    }
    file ??= new FileSource(ref.path, ref.name);
    this.#files.delete(ref.path);
    this.#files.set(ref.path, file);
    this.#closeOldest();
    file.checkUnchanged(ref.state);
    return file;
  }

  /** Closes every file. */
  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }

  #closeOldest(): void {
    for (const [path, file] of this.#files) {
      if (this.#files.size <= maximumOpenFiles) return;
      this.#files.delete(path);
      file.close();
    }
  }
}

const sameState = (a: FileState, b: FileState): boolean => a.size === b.size && a.modifiedMs === b.modifiedMs;

function checkRange(source: ByteSource, offset: number, length: number): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new CubelensError('malformed-file', `${source.name}: impossible range ${offset} + ${length}.`, {
      file: source.name,
    });
  }
  if (offset + length > source.size) throw endsEarly(source, offset + length);
}

function hasChanged(source: ByteSource): CubelensError {
  return new CubelensError('malformed-file', `${source.name} has changed on disk since it was opened.`, {
    file: source.name,
    remedy: 'Open it again.',
  });
}

function endsEarly(source: ByteSource, wanted: number): CubelensError {
  return new CubelensError(
    'malformed-file',
    `${source.name} ends at byte ${source.size}, but byte ${wanted} is needed.`,
    { file: source.name, byte: source.size, remedy: 'The file is incomplete: copy or download it again.' },
  );
}
