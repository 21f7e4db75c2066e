import type { CancelSignal } from '../base/signal.ts';

/** What a task sees of the thread it runs in. */
export interface TaskContext {
  /** Aborted as soon as the caller cancels, also while the task runs: check it every few milliseconds. */
  readonly signal: CancelSignal;
  /**
   * Reports progress as a number that only grows (bytes, pixels, lines: the caller knows which), and what there is to show
   * so far as plain data.
   */
  progress(done: number, live?: unknown): void;
  /** A value that the pool shared with all its workers under this key. Throws `internal` where there is none. */
  shared<T>(key: string): T;
  /** Runs another task of this worker, here and now, as part of this one. Throws `internal` where there is none. */
  call<Result>(name: string, args: unknown): Promise<Result>;
  /** Marks a buffer of the result to be moved instead of copied. SharedArrayBuffers need no mark. */
  transfer<T extends ArrayBuffer>(buffer: T): T;
}

/** A named function that a worker thread can run. Arguments and result are plain data. */
export interface Task<Args, Result> {
  readonly name: string;
  readonly run: (args: Args, context: TaskContext) => Promise<Result> | Result;
}

/** Declares a task; the name is unique over the whole engine ("cube.open"). */
export function defineTask<Args, Result>(
  name: string,
  run: (args: Args, context: TaskContext) => Promise<Result> | Result,
): Task<Args, Result> {
  return { name, run };
}

// A registry holds tasks of any arguments; the pool pairs them by name, so the types meet again at the caller.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyTask = Task<any, any>;
