import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CubelensError } from '../base/errors.ts';
import type { Priority } from '../base/work.ts';
import { ThreadPool } from './pool.ts';
import { defineTask } from './task.ts';
import {
  addTask,
  bufferTask,
  crashTask,
  failTask,
  orderTask,
  progressTask,
  sharedTask,
  threadTask,
  untilCancelledTask,
  type Flags,
} from './testTasks.ts';

const workerUrl = new URL('./testWorker.ts', import.meta.url);
const pools: ThreadPool[] = [];

function newPool(threads = 1, keepOneFree: () => boolean = () => false, url = workerUrl): ThreadPool {
  const pool = new ThreadPool({ workerUrl: url, threads, keepOneFree });
  pools.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

const newFlags = (length = 16): Flags => new Int32Array(new SharedArrayBuffer(4 * length));

const release = (flags: Flags): void => {
  Atomics.store(flags, 0, 1);
  Atomics.notify(flags, 0);
};

const flagSet = (flags: Flags, place: number): Promise<void> =>
  // A thread's start can take seconds on a busy machine.
  vi.waitFor(
    () => {
      expect(Atomics.load(flags, place)).toBe(1);
    },
    { timeout: 30_000 },
  );

describe('ThreadPool results', () => {
  it('come from another thread, and no more threads run than asked for', async () => {
    const pool = newPool(2);
    expect(await pool.run(addTask, { a: 2, b: 3 })).toBe(5);
    const threads = await Promise.all(Array.from({ length: 12 }, () => pool.run(threadTask, undefined)));
    expect(new Set(threads).size).toBeLessThanOrEqual(2);
    expect(pool.load).toMatchObject({ waiting: {}, running: {} });
    expect(pool.threads).toBe(2);
  });

  it('run at once on several threads', async () => {
    const pool = newPool(2);
    const flags = [newFlags(), newFlags()];
    const controller = new AbortController();
    const both = flags.map((flag) => pool.run(untilCancelledTask, { flags: flag }, controller));
    await Promise.all(flags.map((flag) => flagSet(flag, 0)));
    expect(pool.load).toMatchObject({ waiting: {}, running: { statistics: 2 } });
    controller.abort();
    await Promise.all(both.map((one) => expect(one).rejects.toMatchObject({ code: 'cancelled' })));
  });

  it('may be moved instead of copied', async () => {
    const buffer = await newPool().run(bufferTask, { sendable: true });
    expect([...new Float64Array(buffer as ArrayBuffer)]).toEqual([1, 2, 3]);
  });

  it('report progress in order, none after the end', async () => {
    const seen: number[] = [];
    const pool = newPool();
    const onProgress = (done: number): void => {
      seen.push(done);
    };
    expect(await pool.run(progressTask, { numbers: [1, 2, 5] }, { onProgress })).toBe('ended');
    expect(seen).toEqual([1, 2, 5]);
    await pool.run(progressTask, { numbers: [9] });
    expect(seen).toEqual([1, 2, 5]);
  });
});

describe('ThreadPool errors', () => {
  it('keep code, message and place across threads', async () => {
    const error: unknown = await newPool()
      .run(failTask, { how: 'ours' })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CubelensError);
    expect(error).toMatchObject({
      code: 'malformed-file',
      message: 'x.hdr, row 3: no.',
      place: { file: 'x.hdr', row: 3, column: 5 },
    });
  });

  it('of other kinds get a code, and the thread goes on', async () => {
    const pool = newPool();
    const before = await pool.run(threadTask, undefined);
    await expect(pool.run(failTask, { how: 'node' })).rejects.toMatchObject({ code: 'resource-exhausted' });
    await expect(pool.run(failTask, { how: 'text' })).rejects.toMatchObject({
      code: 'internal',
      message: 'only text',
    });
    await expect(pool.run(failTask, { how: 'async' })).rejects.toMatchObject({ code: 'out-of-range' });
    expect(await pool.run(threadTask, undefined)).toBe(before);
  });

  it('of our own making bring the stack and the cause of the worker', async () => {
    const error = await newPool()
      .run(failTask, { how: 'bug' })
      .catch((thrown: unknown) => thrown as CubelensError);
    expect(error).toMatchObject({ code: 'internal', message: 'a bug', place: {} });
    const { stack } = error;
    expect(stack).toMatch(/TypeError: a bug\n +at .*testTasks\.ts/);
    expect(stack).toMatch(/\[cause\]: Error: the reason\n +at .*testTasks\.ts/);
  });

  it('say that a task is unknown or that something cannot be sent', async () => {
    const pool = newPool();
    const unknown = defineTask('test.unknown', () => 0);
    await expect(pool.run(unknown, undefined)).rejects.toMatchObject({
      code: 'internal',
      message: 'No task is named test.unknown.',
    });
    const takesAnything = defineTask('test.add', (_args: unknown) => 0);
    await expect(pool.run(takesAnything, { a: () => 1 })).rejects.toMatchObject({
      code: 'internal',
      message: 'Task test.add has arguments that cannot be sent.',
    });
    await expect(pool.run(bufferTask, { sendable: false })).rejects.toMatchObject({ code: 'internal' });
    expect(await pool.run(addTask, { a: 1, b: 1 })).toBe(2);
  });
});

describe('ThreadPool order', () => {
  it('takes the highest priority first and equal ones as they came', async () => {
    const pool = newPool(1);
    const flags = newFlags();
    const run = (name: number, priority: Priority): Promise<number> =>
      pool.run(orderTask, { flags, name }, { priority });
    const all = [
      run(1, 'visible'),
      run(2, 'visible'),
      run(3, 'click'),
      run(4, 'export'),
      run(5, 'click'),
      run(6, 'visible'),
    ];
    expect(pool.load).toEqual({
      waiting: { visible: 2, click: 2, export: 1 },
      running: { visible: 1 },
      dropped: 0,
    });
    release(flags);
    await Promise.all(all);
    expect([...flags.slice(2, 8)]).toEqual([1, 3, 5, 2, 6, 4]);
  });
});

describe('ThreadPool priorities', () => {
  it('may rise while a task waits', async () => {
    const pool = newPool(1);
    const flags = newFlags();
    const first = pool.run(orderTask, { flags, name: 1 });
    const second = pool.run(orderTask, { flags, name: 2 }, { priority: 'visible' });
    const rising: { priority: Priority } = { priority: 'prefetch' };
    const third = pool.run(orderTask, { flags, name: 3 }, rising);
    rising.priority = 'click';
    release(flags);
    await Promise.all([first, second, third]);
    expect([...flags.slice(2, 5)]).toEqual([1, 3, 2]);
  });

  it('tell a task’s owner when it begins', async () => {
    const pool = newPool(1);
    const flags = newFlags();
    const begun: number[] = [];
    const run = (name: number): Promise<number> =>
      pool.run(orderTask, { flags, name }, { onStart: () => begun.push(name) });
    const both = [run(1), run(2)];
    expect(begun).toEqual([1]);
    release(flags);
    await Promise.all(both);
    expect(begun).toEqual([1, 2]);
  });

  it('exports leave one thread free while a window is busy, and no longer', async () => {
    let isBusy = true;
    const pool = newPool(2, () => isBusy);
    const flags = newFlags();
    const exported = [1, 2, 3].map((name) => pool.run(orderTask, { flags, name }, { priority: 'export' }));
    expect(pool.load).toMatchObject({ waiting: { export: 2 }, running: { export: 1 } });
    const tile = pool.run(orderTask, { flags, name: 4 }, { priority: 'visible' });
    expect(pool.load).toMatchObject({ running: { export: 1, visible: 1 } });
    isBusy = false;
    // Whatever comes next, the pool looks again.
    const more = pool.run(orderTask, { flags, name: 5 }, { priority: 'export' });
    release(flags);
    await Promise.all([...exported, tile, more]);
    expect(pool.load).toEqual({ waiting: {}, running: {}, dropped: 0 });
  });

  it('exports have a single thread to themselves', () => {
    const pool = newPool(1, () => true);
    void pool.run(orderTask, { flags: newFlags(), name: 1 }, { priority: 'export' }).catch(() => undefined);
    expect(pool.load).toMatchObject({ running: { export: 1 } });
  });
});

describe('ThreadPool cancel', () => {
  it('of a task that waits: at once, and it never runs', async () => {
    const pool = newPool(1);
    const flags = newFlags();
    const first = pool.run(orderTask, { flags, name: 1 });
    const controller = new AbortController();
    const second = pool.run(orderTask, { flags, name: 2 }, controller);
    const third = pool.run(orderTask, { flags, name: 3 });
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    expect(pool.load).toMatchObject({ waiting: { statistics: 1 }, running: { statistics: 1 } });
    release(flags);
    await Promise.all([first, third]);
    expect([...flags.slice(1, 5)]).toEqual([2, 1, 3, 0]);
  });

  it('of a task that runs: it is told, and the promise settles only after it has stopped', async () => {
    const pool = newPool(1);
    const flags = newFlags();
    const controller = new AbortController();
    let stoppedFirst: number | null = null;
    const running = pool.run(untilCancelledTask, { flags }, controller).finally(() => {
      stoppedFirst = Atomics.load(flags, 1);
    });
    await flagSet(flags, 0);
    expect(Atomics.load(flags, 1)).toBe(0);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(stoppedFirst).toBe(1);
    expect(await pool.run(addTask, { a: 1, b: 1 })).toBe(2);
  });

  it('before the start: nothing is sent', async () => {
    const pool = newPool(1);
    const done = pool.run(addTask, { a: 1, b: 1 }, { signal: AbortSignal.abort() });
    await expect(done).rejects.toMatchObject({ code: 'cancelled' });
    expect(pool.load).toMatchObject({ waiting: {}, running: {} });
  });

  it('after the end: changes nothing for the next task', async () => {
    const pool = newPool(1);
    const controller = new AbortController();
    expect(await pool.run(addTask, { a: 1, b: 1 }, controller)).toBe(2);
    const flags = newFlags();
    const next = pool.run(orderTask, { flags, name: 1 });
    controller.abort();
    release(flags);
    expect(await next).toBe(1);
  });
});

describe('ThreadPool crash', () => {
  it.each([
    ['exit', 'no reason given'],
    ['outside', 'outside of the task'],
    ['rejection', 'nobody waits'],
  ] as const)('by %s: the task fails in words, the next ones run in a new thread', async (how, words) => {
    const pool = newPool(1);
    const before = await pool.run(threadTask, undefined);
    const crash = pool.run(crashTask, { how });
    const next = pool.run(threadTask, undefined);
    await expect(crash).rejects.toMatchObject({
      code: 'internal',
      message: `A worker thread stopped while it ran test.crash: ${words}.`,
    });
    expect(await next).not.toBe(before);
    expect(pool.load).toMatchObject({ waiting: {}, running: {} });
  });

  it('of a worker that cannot be loaded: every task fails, none waits for ever', async () => {
    const pool = newPool(1, () => false, new URL('./absentWorker.ts', import.meta.url));
    const all = [1, 2, 3].map((a) => pool.run(addTask, { a, b: 0 }));
    for (const one of all) await expect(one).rejects.toMatchObject({ code: 'internal' });
    expect(pool.load).toMatchObject({ waiting: {}, running: {} });
  });

  it('leaves the other threads at work', async () => {
    const pool = newPool(2);
    const flags = newFlags();
    const other = pool.run(orderTask, { flags, name: 7 });
    await expect(pool.run(crashTask, { how: 'exit' })).rejects.toMatchObject({ code: 'internal' });
    release(flags);
    expect(await other).toBe(7);
  });
});

describe('ThreadPool shared values', () => {
  it('reach workers that run and workers that start later, also after a crash', async () => {
    const pool = newPool(2);
    pool.share('early', { bands: 3 });
    expect(await pool.run(sharedTask, { key: 'early' })).toEqual({ bands: 3 });
    pool.share('late', 'here');
    const both = await Promise.all([1, 2, 3, 4].map(() => pool.run(sharedTask, { key: 'late' })));
    expect(both).toEqual(['here', 'here', 'here', 'here']);
    await expect(pool.run(crashTask, { how: 'exit' })).rejects.toMatchObject({ code: 'internal' });
    expect(await pool.run(sharedTask, { key: 'early' })).toEqual({ bands: 3 });
    pool.share('late', 'changed');
    expect(await pool.run(sharedTask, { key: 'late' })).toBe('changed');
  });

  it('are gone when taken back, also for workers that start later', async () => {
    const pool = newPool(1);
    pool.share('key', 1);
    expect(await pool.run(sharedTask, { key: 'key' })).toBe(1);
    pool.unshare('key');
    const gone = { code: 'internal', message: 'Nothing is shared as key.' };
    await expect(pool.run(sharedTask, { key: 'key' })).rejects.toMatchObject(gone);
    await expect(pool.run(crashTask, { how: 'exit' })).rejects.toMatchObject({ code: 'internal' });
    await expect(pool.run(sharedTask, { key: 'key' })).rejects.toMatchObject(gone);
  });
});

describe('ThreadPool close', () => {
  it('rejects what runs, what waits and what comes later', async () => {
    const pool = newPool(1);
    const flags = newFlags();
    const running = pool.run(orderTask, { flags, name: 1 });
    const waiting = pool.run(addTask, { a: 1, b: 1 });
    const closed = { code: 'cancelled', message: 'The engine is closed.' };
    const both = [
      expect(running).rejects.toMatchObject(closed),
      expect(waiting).rejects.toMatchObject(closed),
    ];
    await pool.close();
    await Promise.all(both);
    await expect(pool.run(addTask, { a: 1, b: 1 })).rejects.toMatchObject(closed);
    expect(pool.load).toMatchObject({ waiting: {}, running: {} });
    expect(Atomics.load(flags, 1)).toBe(0);
    await pool.close();
  });

  it('is not needed for a program to end', () => {
    expect(program([])).toEqual({ status: 0, signal: null });
  });
});

describe('ThreadPool memory', () => {
  it('used up by a task is an error of that task alone', () => {
    expect(program(['memory'], ['--max-old-space-size=48'])).toEqual({ status: 0, signal: null });
  });
});

function program(
  args: string[],
  nodeOptions: string[] = [],
): { status: number | null; signal: string | null } {
  const path = fileURLToPath(new URL('./testProgram.ts', import.meta.url));
  // The limit only ends a program that hangs: it passes by its exit code.
  const { status, signal } = spawnSync(process.execPath, [...nodeOptions, path, ...args], {
    timeout: 50_000,
  });
  return { status, signal };
}
