import { stderr } from 'node:process';
import { describe, expect, it, vi } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import { Jobs, type JobContext } from './jobs.ts';

/** A job that is led by hand. */
function byHand(jobs: Jobs): {
  jobId: string;
  context: JobContext;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
} {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let context: JobContext | undefined;
  const { jobId } = jobs.start('export', 'x.tif', (given) => {
    context = given;
    return promise;
  });
  if (context === undefined) throw new Error('a job starts at once');
  return { jobId, context, resolve, reject };
}

// Long enough never to end a test by itself.
const timeoutMs = 600_000;

describe('a job', () => {
  it('shows its stage, progress and result', async () => {
    const jobs = new Jobs();
    const { jobId, context, resolve } = byHand(jobs);
    expect(jobs.get(jobId)).toMatchObject({
      kind: 'export',
      title: 'x.tif',
      state: 'running',
      done: 0,
      total: 0,
      result: null,
      error: null,
    });
    context.stage('Writing', 50);
    context.progress(20);
    expect(jobs.get(jobId)).toMatchObject({ stage: 'Writing', done: 20, total: 50 });
    resolve({ files: ['x.tif'] });
    expect(await jobs.ended(jobId)).toMatchObject({
      state: 'done',
      done: 50,
      total: 50,
      result: { files: ['x.tif'] },
      error: null,
    });
  });

  it('never shows progress that falls, also at its end', async () => {
    const jobs = new Jobs();
    const { jobId, context, resolve } = byHand(jobs);
    const seen: number[] = [];
    for (const done of [3, 1, 7, 7, NaN, 6, 9]) {
      context.progress(done);
      seen.push(jobs.get(jobId).done);
    }
    expect(seen).toEqual([3, 3, 7, 7, 7, 7, 9]);
    resolve(null);
    // The total was never known.
    expect(await jobs.ended(jobId)).toMatchObject({ state: 'done', done: 9, total: 0 });
  });

  it('wakes polls for progress ten times a second at most, and loses none of it', async () => {
    vi.useFakeTimers();
    try {
      const jobs = new Jobs();
      const { jobId, context, resolve } = byHand(jobs);
      const seen: [ms: number, stage: string, done: number][] = [];
      const begin = performance.now();
      const following = (async () => {
        let { revision } = jobs.get(jobId);
        for (let state = 'running'; state === 'running';) {
          const changes = await jobs.changesAfter(revision, { timeoutMs });
          revision = changes.revision;
          for (const job of changes.jobs) {
            seen.push([performance.now() - begin, job.stage, job.done]);
            state = job.state;
          }
        }
      })();
      for (let done = 1; done <= 250; done++) {
        context.progress(done);
        await vi.advanceTimersByTimeAsync(1);
      }
      // The last of them comes without any further call.
      await vi.advanceTimersByTimeAsync(100);
      expect(seen).toEqual([
        [0, 'Starting', 1],
        [100, 'Starting', 100],
        [200, 'Starting', 200],
        [300, 'Starting', 250],
      ]);
      // A stage and the end wake at once, with the progress made until then.
      context.progress(260);
      context.stage('Finishing', 10);
      await vi.advanceTimersByTimeAsync(0);
      context.progress(4);
      await vi.advanceTimersByTimeAsync(0);
      resolve(null);
      await following;
      expect(seen.slice(4)).toEqual([
        [350, 'Finishing', 0],
        [350, 'Done', 10],
      ]);
      await vi.advanceTimersByTimeAsync(100);
      expect([vi.getTimerCount(), seen.length]).toEqual([0, 6]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('gives snapshots that later changes leave alone', () => {
    const jobs = new Jobs();
    const { jobId, context } = byHand(jobs);
    const before = jobs.get(jobId);
    context.progress(5);
    expect(before.done).toBe(0);
    before.done = 100;
    expect(jobs.get(jobId).done).toBe(5);
  });

  it('that fails by a bug of ours shows no stack, and logs it where that is asked for', async () => {
    vi.stubEnv('CUBELENS_LOG', 'debug');
    const write = vi.spyOn(stderr, 'write').mockReturnValue(true);
    const jobs = new Jobs();
    const { jobId, reject } = byHand(jobs);
    reject(new TypeError('a bug'));
    expect((await jobs.ended(jobId)).error).toEqual({ code: 'internal', message: 'a bug' });
    expect(write.mock.calls).toEqual([[expect.stringMatching(/a bug\n +at .*jobs\.test\.ts/)]]);
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('fails with the error in full, whether thrown at once or later', async () => {
    const jobs = new Jobs();
    const { jobId } = jobs.start('export', 'a', () => {
      throw new CubelensError('resource-exhausted', 'The disk is full.', { file: 'a', remedy: 'Free some.' });
    });
    expect(await jobs.ended(jobId)).toMatchObject({
      state: 'failed',
      result: null,
      error: { code: 'resource-exhausted', message: 'The disk is full.', file: 'a', remedy: 'Free some.' },
    });
    const later = byHand(jobs);
    later.reject(new TypeError('a bug'));
    expect(await jobs.ended(later.jobId)).toMatchObject({
      state: 'failed',
      error: { code: 'internal', message: 'a bug' },
    });
  });

  it('that is cancelled is told at once, and is cancelled when it has stopped', async () => {
    const jobs = new Jobs();
    const { jobId, context, reject } = byHand(jobs);
    expect(jobs.cancel(jobId).state).toBe('running');
    expect(context.signal.aborted).toBe(true);
    reject(new CubelensError('cancelled', 'Cancelled.'));
    expect(await jobs.ended(jobId)).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
  });

  it('that had already done its work when it was cancelled is done', async () => {
    const jobs = new Jobs();
    const { jobId, resolve } = byHand(jobs);
    jobs.cancel(jobId);
    resolve('written');
    expect(await jobs.ended(jobId)).toMatchObject({ state: 'done', result: 'written' });
    expect(jobs.cancel(jobId)).toMatchObject({ state: 'done', result: 'written' });
  });

  it('changes no more after its end, whatever is still reported', async () => {
    const jobs = new Jobs();
    const { jobId, context, reject } = byHand(jobs);
    context.stage('Writing', 10);
    context.progress(4);
    reject(new Error('broken'));
    const ended = await jobs.ended(jobId);
    context.progress(8);
    context.stage('Flushing', 3);
    expect(jobs.get(jobId)).toEqual(ended);
    expect(ended).toMatchObject({ state: 'failed', stage: 'Failed', done: 4 });
  });

  it('that there is none of is not found', async () => {
    const jobs = new Jobs();
    for (const ask of [() => jobs.get('7'), () => jobs.cancel('7')]) {
      expect(ask).toThrow(expect.objectContaining({ code: 'not-found' }));
    }
    await expect(jobs.ended('7')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the long poll', () => {
  it('answers at once where something has changed, with those jobs only', async () => {
    const jobs = new Jobs();
    const a = byHand(jobs);
    const first = await jobs.changesAfter(0, { timeoutMs });
    expect(first.jobs.map(({ jobId }) => jobId)).toEqual([a.jobId]);
    const b = byHand(jobs);
    const second = await jobs.changesAfter(first.revision, { timeoutMs });
    expect(second.jobs.map(({ jobId }) => jobId)).toEqual([b.jobId]);
    a.context.progress(1);
    b.context.stage('Writing');
    const third = await jobs.changesAfter(second.revision, { timeoutMs });
    expect(third.jobs.map(({ jobId }) => jobId)).toEqual([a.jobId, b.jobId]);
    expect(third.revision).toBe(Math.max(...third.jobs.map(({ revision }) => revision)));
  });

  it('waits for the next change and loses none, for any number who wait', async () => {
    const jobs = new Jobs();
    const { context, resolve } = byHand(jobs);
    const { revision } = await jobs.changesAfter(0, { timeoutMs });
    const polls = [1, 2].map(() => jobs.changesAfter(revision, { timeoutMs }));
    context.progress(3);
    for (const poll of polls) expect((await poll).jobs).toMatchObject([{ done: 3 }]);
    const next = jobs.changesAfter(revision + 1, { timeoutMs });
    resolve('end');
    expect((await next).jobs).toMatchObject([{ state: 'done', result: 'end' }]);
  });

  it('answers with nothing after its time', async () => {
    const jobs = new Jobs();
    expect(await jobs.changesAfter(0, { timeoutMs: 1 })).toEqual({ revision: 0, jobs: [] });
  });

  it('ends when the one who asked has gone, before or meanwhile', async () => {
    const jobs = new Jobs();
    const before = await jobs.changesAfter(0, { timeoutMs, signal: AbortSignal.abort() });
    const controller = new AbortController();
    const waits = jobs.changesAfter(0, { timeoutMs, signal: controller.signal });
    controller.abort();
    expect([before, await waits]).toEqual([
      { revision: 0, jobs: [] },
      { revision: 0, jobs: [] },
    ]);
  });

  it('takes a revision of an engine that has been started again since for none', async () => {
    const jobs = new Jobs();
    const { jobId } = byHand(jobs);
    expect((await jobs.changesAfter(1_000_000, { timeoutMs })).jobs).toMatchObject([{ jobId }]);
  });
});

describe('the list of jobs', () => {
  it('remembers a hundred that have ended, and every one that runs', async () => {
    const jobs = new Jobs();
    const running = byHand(jobs);
    const ids: string[] = [];
    for (let i = 0; i < 150; i++) {
      const { jobId } = jobs.start('export', `${i}`, () => Promise.resolve(i));
      ids.push(jobId);
      await jobs.ended(jobId);
    }
    byHand(jobs);
    const { jobs: known } = await jobs.changesAfter(0, { timeoutMs });
    expect(known.filter(({ state }) => state === 'done').map(({ jobId }) => jobId)).toEqual(ids.slice(50));
    expect(jobs.get(running.jobId).state).toBe('running');
    expect(() => jobs.get(ids[0] ?? '')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('closes by cancelling all and waiting until they have cleaned up', async () => {
    const jobs = new Jobs();
    const order: string[] = [];
    const running = [1, 2].map((name) =>
      jobs.start('export', `${name}`, async ({ signal }) => {
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`cleaned ${name}`);
        throw new CubelensError('cancelled', 'Cancelled.');
      }),
    );
    await jobs.close();
    order.push('closed');
    expect(order).toEqual(['cleaned 1', 'cleaned 2', 'closed']);
    for (const { jobId } of running) expect(jobs.get(jobId).state).toBe('cancelled');
  });

  it('answers polls that still wait when it closes', async () => {
    const jobs = new Jobs();
    const waits = jobs.changesAfter(0, { timeoutMs });
    await jobs.close();
    expect(await waits).toEqual({ revision: 0, jobs: [] });
  });
});

describe('a job that can be paused', () => {
  /** Counts up while it is not aborted, and keeps how far it came. */
  function counting(jobs: Jobs): { jobId: string; begun: boolean[]; finish: () => void } {
    const begun: boolean[] = [];
    let finish = (): void => undefined;
    const { jobId } = jobs.start('vae-train', 'model', (job) =>
      job.pausable(
        (signal, again) =>
          new Promise<string>((resolve, reject) => {
            begun.push(again);
            finish = () => resolve('trained');
            signal.addEventListener('abort', () => reject(new CubelensError('cancelled', 'Cancelled.')));
          }),
      ),
    );
    return { jobId, begun, finish: () => finish() };
  }

  it('stops its part, says so, and begins it again when it goes on', async () => {
    const jobs = new Jobs();
    const { jobId, begun, finish } = counting(jobs);
    expect(jobs.get(jobId)).toMatchObject({ pausable: true, paused: false });
    jobs.pause(jobId);
    jobs.pause(jobId);
    await vi.waitFor(() => expect(jobs.get(jobId)).toMatchObject({ paused: true, stage: 'Paused' }));
    expect(begun).toEqual([false]);
    jobs.resume(jobId);
    await vi.waitFor(() => expect(begun).toEqual([false, true]));
    expect(jobs.get(jobId)).toMatchObject({ state: 'running', paused: false });
    finish();
    expect(await jobs.ended(jobId)).toMatchObject({ state: 'done', result: 'trained', pausable: false });
    expect(() => jobs.pause(jobId)).toThrow('cannot be paused');
  });

  it('goes on at once where that is asked for before it has paused', async () => {
    const jobs = new Jobs();
    const { jobId, begun, finish } = counting(jobs);
    jobs.pause(jobId);
    jobs.resume(jobId);
    await vi.waitFor(() => expect(begun).toEqual([false, true]));
    finish();
    expect(await jobs.ended(jobId)).toMatchObject({ state: 'done' });
  });

  it('stays paused where a pause follows at once', async () => {
    const jobs = new Jobs();
    const { jobId, begun, finish } = counting(jobs);
    jobs.pause(jobId);
    await vi.waitFor(() => expect(jobs.get(jobId).paused).toBe(true));
    expect(jobs.resume(jobId).paused).toBe(false);
    jobs.pause(jobId);
    await vi.waitFor(() => expect(jobs.get(jobId).paused).toBe(true));
    expect(begun).toEqual([false]);
    jobs.resume(jobId);
    await vi.waitFor(() => expect(begun).toEqual([false, true]));
    finish();
    expect(await jobs.ended(jobId)).toMatchObject({ state: 'done' });
  });

  it('is cancelled while it is paused, and fails by itself', async () => {
    const jobs = new Jobs();
    const { jobId } = counting(jobs);
    jobs.pause(jobId);
    await vi.waitFor(() => expect(jobs.get(jobId).paused).toBe(true));
    jobs.cancel(jobId);
    expect(await jobs.ended(jobId)).toMatchObject({ state: 'cancelled', paused: false });
    const failing = jobs.start('vae-train', 'model', (job) =>
      job.pausable(() => Promise.reject(new CubelensError('degenerate', 'Nothing to learn.'))),
    );
    expect(await jobs.ended(failing.jobId)).toMatchObject({ state: 'failed', pausable: false });
  });

  it('is none that has no such part', () => {
    const jobs = new Jobs();
    const { jobId } = byHand(jobs);
    expect(jobs.get(jobId).pausable).toBe(false);
    expect(() => jobs.pause(jobId)).toThrow(`Job ${jobId} cannot be paused now.`);
  });
});
