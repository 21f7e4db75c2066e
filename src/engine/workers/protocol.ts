import type { WireError } from '../base/errors.ts';

/** Engine thread to worker. */
export type ToWorker =
  | { kind: 'run'; id: number; task: string; args: unknown; cancelled: Int32Array<SharedArrayBuffer> }
  | { kind: 'share'; key: string; value: unknown }
  | { kind: 'unshare'; key: string };

/** Worker to engine thread. */
export type FromWorker =
  | { kind: 'progress'; id: number; done: number; live: unknown }
  | { kind: 'done'; id: number; result: unknown }
  /** The stack of an internal error, with its causes: for logs, never for an answer. */
  | { kind: 'failed'; id: number; error: WireError; stack: string | null };
