import { Pauses } from './pauses.ts';
import type { JobSnapshot } from '../contract/jobs.ts';
import { logInternal } from '../base/debugLog.ts';
import { asCubelensError, CubelensError, toWireError } from '../base/errors.ts';

/** What a running job reports through. */
export interface JobContext {
  readonly signal: AbortSignal;
  stage(words: string, total?: number): void;
  progress(done: number): void;
  /** What there is to show so far, as plain data of the kind's own. */
  live(value: unknown): void;
  /**
   * Carries out a part that can be paused: then its signal is aborted, and when the person goes on it is begun once more with
   * `again`, to take up what it has kept. Throws what the part throws, `cancelled` where the job is cancelled meanwhile.
   */
  pausable<Result>(part: (signal: AbortSignal, again: boolean) => Promise<Result>): Promise<Result>;
}

interface Job {
  snapshot: JobSnapshot;
  folder: string | null;
  controller: AbortController;
  finished: Promise<void>;
  /** Of a part that can be paused. */
  pauses: Pauses | null;
}

const isRunning = (job: Job): boolean => job.snapshot.state === 'running';

/** Progress is published at most every so many milliseconds: a poll for each chunk of work would be most of the work. */
const progressMs = 100;

/** Finished jobs that are remembered. */
const rememberedJobs = 100;

/** Long work with progress, cancel and result; knows nothing of cubes. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #watchers = new Set<() => void>();
  /** Jobs whose progress is not published yet. */
  readonly #progressed = new Set<Job>();
  #publishedAt = -Infinity;
  #publishing: NodeJS.Timeout | undefined;
  #revision = 0;
  #nextId = 1;

  /** Starts a job; its snapshot is at hand at once. @param folder that its files go into; only the host learns it. */
  start(
    kind: string,
    title: string,
    run: (context: JobContext) => Promise<unknown>,
    folder: string | null = null,
  ): JobSnapshot {
    const controller = new AbortController();
    const snapshot: JobSnapshot = {
      jobId: String(this.#nextId++),
      kind,
      title,
      state: 'running',
      revision: 0,
      stage: 'Starting',
      done: 0,
      total: 0,
      pausable: false,
      paused: false,
      live: null,
      result: null,
      error: null,
    };
    const job: Job = { snapshot, folder, controller, finished: Promise.resolve(), pauses: null };
    this.#jobs.set(snapshot.jobId, job);
    this.#change(job, {});
    const context: JobContext = {
      signal: controller.signal,
      // What is reported after the end (work that was still stopping) changes nothing.
      stage: (stage, total = 0) => {
        if (isRunning(job)) this.#change(job, { stage, total, done: 0 });
      },
      progress: (done) => {
        if (isRunning(job) && done > job.snapshot.done) this.#progress(job, done);
      },
      live: (value) => {
        if (isRunning(job)) this.#change(job, { live: value });
      },
      pausable: (part) => this.#pausable(job, part),
    };
    job.finished = this.#carry(job, () => run(context));
    this.#forgetOldest();
    return { ...job.snapshot };
  }

  /** One job. Throws `not-found`. */
  get(jobId: string): JobSnapshot {
    return { ...this.#find(jobId).snapshot };
  }

  /** Folder that a job's files go into; null where it writes none. Throws `not-found`. */
  folderOf(jobId: string): string | null {
    return this.#find(jobId).folder;
  }

  /** Asks a job to stop; its state changes when it has stopped. Finished jobs stay as they are. */
  cancel(jobId: string): JobSnapshot {
    const job = this.#find(jobId);
    job.controller.abort();
    return { ...job.snapshot };
  }

  /**
   * Asks a job to pause; it says so when it does. Pausing a paused job changes nothing. Throws `not-found`, `invalid-request` where
   * what it does now cannot be paused.
   */
  pause(jobId: string): JobSnapshot {
    const job = this.#find(jobId);
    if (job.pauses === null) {
      throw new CubelensError('invalid-request', `Job ${jobId} cannot be paused now.`, {
        field: 'jobId',
        remedy: 'The training of an autoencoder can be paused, while it trains.',
      });
    }
    job.pauses.pause();
    if (!job.snapshot.paused) this.#change(job, { stage: 'Pausing' });
    return { ...job.snapshot };
  }

  /** Lets a paused job go on; others stay as they are. Throws `not-found`. */
  resume(jobId: string): JobSnapshot {
    const job = this.#find(jobId);
    job.pauses?.resume();
    if (job.snapshot.paused) this.#change(job, { paused: false, stage: 'Going on' });
    return { ...job.snapshot };
  }

  /** Resolves when the job has ended, however it ended. */
  async ended(jobId: string): Promise<JobSnapshot> {
    const job = this.#find(jobId);
    await job.finished;
    return { ...job.snapshot };
  }

  /**
   * Jobs changed after a revision, at once where there are any, else at the next change, else empty after the time.
   * The answer's revision goes into the next call; one that was never given out (by an engine that has been started
   * again since) counts as 0.
   */
  async changesAfter(
    revision: number,
    options: { timeoutMs: number; signal?: AbortSignal | undefined },
  ): Promise<{ revision: number; jobs: JobSnapshot[] }> {
    const after = revision > this.#revision ? 0 : revision;
    if (this.#revision <= after) await this.#nextChange(options.timeoutMs, options.signal);
    const jobs = [...this.#jobs.values()].map((job) => job.snapshot).filter((job) => job.revision > after);
    return { revision: this.#revision, jobs: jobs.map((job) => ({ ...job })) };
  }

  /** Cancels all and waits until they have stopped; polls that still wait are answered. */
  async close(): Promise<void> {
    for (const job of this.#jobs.values()) job.controller.abort();
    await Promise.all([...this.#jobs.values()].map((job) => job.finished));
    clearTimeout(this.#publishing);
    for (const wake of [...this.#watchers]) wake();
  }

  async #carry(job: Job, run: () => Promise<unknown>): Promise<void> {
    try {
      const result = await run();
      this.#change(job, {
        state: 'done',
        stage: 'Done',
        result,
        done: Math.max(job.snapshot.done, job.snapshot.total),
      });
    } catch (thrown) {
      const error = asCubelensError(thrown);
      logInternal(error);
      const cancelled = error.code === 'cancelled';
      this.#change(job, {
        state: cancelled ? 'cancelled' : 'failed',
        stage: cancelled ? 'Cancelled' : 'Failed',
        error: toWireError(error),
      });
    }
  }

  async #pausable<Result>(
    job: Job,
    part: (signal: AbortSignal, again: boolean) => Promise<Result>,
  ): Promise<Result> {
    const pauses = new Pauses(job.controller.signal);
    job.pauses = pauses;
    this.#change(job, { pausable: true });
    try {
      return await pauses.carry(part, (paused) => {
        this.#change(job, paused ? { paused, stage: 'Paused' } : { paused, stage: 'Going on' });
      });
    } finally {
      job.pauses = null;
      this.#change(job, { pausable: false, paused: false });
    }
  }

  #find(jobId: string): Job {
    const job = this.#jobs.get(jobId);
    if (job === undefined)
      throw new CubelensError('not-found', `There is no job ${jobId}.`, { field: 'jobId' });
    return job;
  }

  #change(job: Job, change: Partial<JobSnapshot>): void {
    Object.assign(job.snapshot, change);
    this.#publish([job]);
  }

  /** The snapshot changes at once; its revision, which polls go by, when progress may be published again. */
  #progress(job: Job, done: number): void {
    job.snapshot.done = done;
    this.#progressed.add(job);
    if (this.#publishing !== undefined) return;
    const publish = (): void => {
      this.#publishing = undefined;
      this.#publishedAt = performance.now();
      this.#publish([...this.#progressed]);
    };
    const wait = this.#publishedAt + progressMs - performance.now();
    if (wait <= 0) publish();
    else this.#publishing = setTimeout(publish, wait).unref();
  }

  #publish(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    for (const job of jobs) {
      this.#revision += 1;
      job.snapshot.revision = this.#revision;
      this.#progressed.delete(job);
    }
    for (const wake of [...this.#watchers]) wake();
  }

  #nextChange(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#watchers.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  #forgetOldest(): void {
    const ended = [...this.#jobs.values()].filter((job) => job.snapshot.state !== 'running');
    for (const job of ended.slice(0, Math.max(0, ended.length - rememberedJobs))) {
      this.#jobs.delete(job.snapshot.jobId);
    }
  }
}
