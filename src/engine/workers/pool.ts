import { Worker } from 'node:worker_threads';
import { asCubelensError, CubelensError, fromWireError } from '../base/errors.ts';
import { priorities, type Priority, type Work } from '../base/work.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import type { Task } from './task.ts';

export interface PoolConfig {
  /** Module that calls `serveTasks`. */
  workerUrl: URL;
  /** Number of threads; each is started when it is first needed. */
  threads: number;
  /** While it says true, exports leave one of two or more threads free for what a person waits for. Default: never. */
  keepOneFree?: () => boolean;
}

/** How a task is run: the work it is part of (priority `statistics` unless given), and its progress. */
export interface RunOptions extends Partial<Work> {
  onProgress?: (done: number, live: unknown) => void;
}

interface Pending {
  id: number;
  task: string;
  args: unknown;
  work: RunOptions;
  cancelled: Int32Array<SharedArrayBuffer>;
  settle: (outcome: { result: unknown } | { error: CubelensError }) => void;
}

interface Thread {
  worker: Worker;
  running: Pending | null;
}

export interface PoolLoad {
  waiting: Partial<Record<Priority, number>>;
  running: Partial<Record<Priority, number>>;
  dropped: number;
}

const defaultPriority: Priority = 'statistics';

/**
 * Runs tasks on worker threads: one at a time a thread, highest priority first. A cancelled task that waits is dropped
 * at once; one that runs is told and its promise settles when it has really stopped, so that nothing writes afterwards.
 */
export class ThreadPool {
  readonly #config: PoolConfig;
  readonly #threads = new Set<Thread>();
  readonly #queue: Pending[] = [];
  readonly #shared = new Map<string, unknown>();
  readonly #others: ThreadPool[] = [];
  #nextId = 1;
  #dropped = 0;
  #closed = false;

  constructor(config: PoolConfig) {
    this.#config = config;
  }

  get threads(): number {
    return this.#config.threads;
  }

  /** Tasks that wait and tasks that run by priority, and how many were dropped while they waited; for diagnostics. */
  get load(): PoolLoad {
    const running = [...this.#threads].flatMap((thread) => thread.running ?? []);
    return { waiting: countOf(this.#queue), running: countOf(running), dropped: this.#dropped };
  }

  /** Runs a task on some thread. Throws what the task throws, as CubelensError; `cancelled` when aborted. */
  run<Args, Result>(task: Task<Args, Result>, args: Args, options: RunOptions = {}): Promise<Result> {
    const { signal } = options;
    if (this.#closed) return Promise.reject(closedError());
    if (signal?.aborted === true) return Promise.reject(cancelledError());
    return new Promise<Result>((resolve, reject) => {
      const pending: Pending = {
        id: this.#nextId++,
        task: task.name,
        args,
        work: options,
        cancelled: new Int32Array(new SharedArrayBuffer(4)),
        settle: (outcome) => {
          signal?.removeEventListener('abort', cancel);
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.result as Result);
        },
      };
      const cancel = (): void => {
        this.#cancel(pending);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#queue.push(pending);
      this.#dispatch();
    });
  }

  /** From now on, what is shared with this pool's workers is shared with another's too. */
  shareWith(other: ThreadPool): void {
    this.#others.push(other);
    for (const [key, value] of this.#shared) other.share(key, value);
  }

  /** Gives every worker, now and later, a value under a key: sent once, not with every task. */
  share(key: string, value: unknown): void {
    for (const other of this.#others) other.share(key, value);
    this.#shared.set(key, value);
    for (const { worker } of this.#threads) send(worker, { kind: 'share', key, value });
  }

  unshare(key: string): void {
    for (const other of this.#others) other.unshare(key);
    this.#shared.delete(key);
    for (const { worker } of this.#threads) send(worker, { kind: 'unshare', key });
  }

  /** Stops all threads; waiting and running tasks are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const threads = [...this.#threads];
    this.#threads.clear();
    for (const pending of this.#queue.splice(0)) pending.settle({ error: closedError() });
    await Promise.all(
      threads.map(async (thread) => {
        await thread.worker.terminate();
        thread.running?.settle({ error: closedError() });
        thread.running = null;
      }),
    );
  }

  #cancel(pending: Pending): void {
    const place = this.#queue.indexOf(pending);
    if (place >= 0) {
      this.#queue.splice(place, 1);
      this.#dropped += 1;
      pending.settle({ error: cancelledError() });
    } else {
      Atomics.store(pending.cancelled, 0, 1);
    }
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const next = this.#next();
      const thread = next === null ? null : this.#idleThread();
      if (thread === null || next === null) return;
      const [pending] = this.#queue.splice(next, 1);
      if (pending === undefined) return;
      const { id, task, args, cancelled, work } = pending;
      thread.running = pending;
      work.onStart?.();
      // A running task keeps the process alive, an idle worker does not.
      thread.worker.ref();
      try {
        send(thread.worker, { kind: 'run', id, task, args, cancelled });
      } catch (thrown) {
        thread.running = null;
        thread.worker.unref();
        pending.settle({
          error: new CubelensError('internal', `Task ${task} has arguments that cannot be sent.`, {}, thrown),
        });
      }
    }
  }

  /** Place of the task that runs next: the most urgent, of those the one that came first. Null where none may begin. */
  #next(): number | null {
    const isHeld = this.#exportsAreHeld();
    let best: number | null = null;
    let highest = -1;
    for (const [place, { work }] of this.#queue.entries()) {
      const priority = work.priority ?? defaultPriority;
      if (isHeld && priority === 'export') continue;
      if (priorities[priority] <= highest) continue;
      highest = priorities[priority];
      best = place;
    }
    return best;
  }

  /** True where exports have all the threads that they may have now. */
  #exportsAreHeld(): boolean {
    const { threads, keepOneFree } = this.#config;
    if (threads < 2 || keepOneFree?.() !== true) return false;
    const exporting = [...this.#threads].filter(({ running }) => running?.work.priority === 'export').length;
    return exporting >= threads - 1;
  }

  #idleThread(): Thread | null {
    for (const thread of this.#threads) if (thread.running === null) return thread;
    return this.#threads.size < this.#config.threads ? this.#start() : null;
  }

  #start(): Thread {
    // web-worker, which geotiff.js loads, takes a worker without workerData for one of its own and fails.
    const worker = new Worker(this.#config.workerUrl, { workerData: {} });
    const thread: Thread = { worker, running: null };
    this.#threads.add(thread);
    for (const [key, value] of this.#shared) send(worker, { kind: 'share', key, value });
    worker.on('message', (message: FromWorker) => {
      this.#receive(thread, message);
    });
    worker.on('error', (thrown: NodeJS.ErrnoException) => {
      this.#lose(thread, thrown);
    });
    worker.on('exit', () => {
      this.#lose(thread, null);
    });
    worker.unref();
    return thread;
  }

  #receive(thread: Thread, message: FromWorker): void {
    const { running } = thread;
    if (running === null || running.id !== message.id) return;
    if (message.kind === 'progress') {
      running.work.onProgress?.(message.done, message.live);
      return;
    }
    thread.running = null;
    thread.worker.unref();
    running.settle(
      message.kind === 'done'
        ? { result: message.result }
        : { error: fromWireError(message.error, message.stack) },
    );
    // What a person waits for mostly has a next step: it is asked for in a moment, and goes before what waits here.
    const { priority = defaultPriority } = running.work;
    if (priorities[priority] >= priorities.click) setImmediate(() => this.#dispatch());
    else this.#dispatch();
  }

  /** A worker died: its task fails in words, and the next task starts a new one. */
  #lose(thread: Thread, thrown: NodeJS.ErrnoException | null): void {
    if (!this.#threads.delete(thread)) return;
    const { running } = thread;
    thread.running = null;
    running?.settle({
      error:
        thrown?.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new CubelensError('resource-exhausted', 'A computation ran out of memory.', {
              remedy: 'Try fewer bands or a smaller area.',
            })
          : new CubelensError(
              'internal',
              `A worker thread stopped while it ran ${running.task}: ${thrown === null ? 'no reason given' : asCubelensError(thrown).message}.`,
              {},
              thrown ?? undefined,
            ),
    });
    if (!this.#closed) this.#dispatch();
  }
}

function countOf(tasks: readonly Pending[]): Partial<Record<Priority, number>> {
  const counts: Partial<Record<Priority, number>> = {};
  for (const { work } of tasks) {
    const priority = work.priority ?? defaultPriority;
    counts[priority] = (counts[priority] ?? 0) + 1;
  }
  return counts;
}

const send = (worker: Worker, message: ToWorker): void => {
  worker.postMessage(message);
};
const cancelledError = (): CubelensError => new CubelensError('cancelled', 'Cancelled.');
const closedError = (): CubelensError => new CubelensError('cancelled', 'The engine is closed.');
