import type { CancelOptions } from '../base/signal.ts';

/**
 * Bounded, abortable reads at a position. The interface is asynchronous everywhere; the file source reads
 * synchronously inside a worker (fastest there), a URL source may come later.
 */
export interface ByteSource {
  /** File name for messages (no folder). */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`, in a buffer of their own.
   * Throws `malformed-file` where the range passes the end of the source, `cancelled` where the signal is aborted.
   */
  read(offset: number, length: number, options?: CancelOptions): Promise<Uint8Array>;
  /** As `read`, into the caller's buffer (its whole length). */
  readInto(offset: number, target: Uint8Array, options?: CancelOptions): Promise<void>;
}

/** What identifies one state of a file on disk: a cube is bound to it and later reads notice a change. */
export interface FileState {
  size: number;
  modifiedMs: number;
}

/** Where bytes come from, as plain data that crosses threads. Paths stay inside the engine. */
export type SourceRef =
  | { kind: 'file'; path: string; name: string; state: FileState }
  | { kind: 'memory'; name: string; buffer: SharedArrayBuffer };

/** Opens sources by reference; inside a worker it keeps a few files open. */
export interface SourceOpener {
  open(ref: SourceRef): ByteSource;
}
