import type { BackendCheck } from '../contract/tensorflow.ts';
import { ThreadPool, type RunOptions } from '../workers/pool.ts';
import type { Task } from '../workers/task.ts';
import { selfCheckTask } from './tasks.ts';

/**
 * The one thread that TensorFlow runs in: started when it is first needed, and only there is it loaded. One task at a time;
 * what computes in it uses all processors by itself where the backend is native.
 */
export class TensorFlowThread {
  readonly #workerUrl: URL;
  readonly #thread: ThreadPool;

  /** @param workerUrl as for the pool. @param pool whose open cubes this thread can read too. */
  constructor(workerUrl: URL, pool?: ThreadPool) {
    // Threads inherit a copy of the environment, but the native library reads the process's own.
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
    this.#workerUrl = workerUrl;
    this.#thread = new ThreadPool({ workerUrl, threads: 1 });
    pool?.shareWith(this.#thread);
  }

  /** As `ThreadPool.run`. */
  run<Args, Result>(task: Task<Args, Result>, args: Args, options: RunOptions = {}): Promise<Result> {
    return this.#thread.run(task, args, options);
  }

  /** Compares all backends, in a thread that ends with it: a thread that has loaded several keeps the last. */
  async check(options: RunOptions = {}): Promise<BackendCheck[]> {
    const own = new ThreadPool({ workerUrl: this.#workerUrl, threads: 1 });
    try {
      return await own.run(selfCheckTask, {}, options);
    } finally {
      await own.close();
    }
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
