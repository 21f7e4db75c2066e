import { exit } from 'node:process';
import { setImmediate as turn } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { CubelensError } from '../base/errors.ts';
import { throwIfAborted } from '../base/signal.ts';
import { defineTask } from './task.ts';

// For tests only: tasks that a worker of the pool's tests serves. Flags are Int32Arrays in shared memory.

export type Flags = Int32Array<SharedArrayBuffer>;

/** Adds numbers. */
export const addTask = defineTask('test.add', (args: { a: number; b: number }) => args.a + args.b);

/** The thread it ran in. */
export const threadTask = defineTask('test.thread', () => threadId);

/** Waits until flags[0] is set, which the test does, and appends its name: flags[1] counts, flags[2 ...] list. */
export const orderTask = defineTask('test.order', (args: { flags: Flags; name: number }) => {
  Atomics.wait(args.flags, 0, 0);
  const place = Atomics.add(args.flags, 1, 1);
  Atomics.store(args.flags, 2 + place, args.name);
  return args.name;
});

/** Sets flags[0] = 1 when it runs, goes on until cancelled, then sets flags[1] = 1 as the last thing it does. */
export const untilCancelledTask = defineTask(
  'test.untilCancelled',
  async (args: { flags: Flags }, context) => {
    Atomics.store(args.flags, 0, 1);
    context.progress(1);
    // Without a turn of the event loop: the signal is seen by synchronous work too.
    while (!context.signal.aborted) Atomics.wait(args.flags, 2, 0, 1);
    await turn();
    Atomics.store(args.flags, 1, 1);
    throwIfAborted(context.signal);
  },
);

/** Throws in the ways that tasks throw. */
export const failTask = defineTask(
  'test.fail',
  (args: { how: 'ours' | 'node' | 'text' | 'async' | 'bug' }) => {
    if (args.how === 'ours') {
      throw new CubelensError('malformed-file', 'x.hdr, row 3: no.', { file: 'x.hdr', row: 3, column: 5 });
    }
    if (args.how === 'node') throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
    if (args.how === 'bug') throw new TypeError('a bug', { cause: new Error('the reason') });
    // Anything can be thrown, also what is no error.
    if (args.how === 'text') throw 'only text' as unknown as Error;
    return turn().then(() => {
      throw new CubelensError('out-of-range', 'Later.');
    });
  },
);

/** Ends its thread in the ways that threads end. */
export const crashTask = defineTask('test.crash', async (args: { how: 'exit' | 'outside' | 'rejection' }) => {
  if (args.how === 'exit') exit(3);
  if (args.how === 'rejection') void Promise.reject(new Error('nobody waits'));
  else {
    setImmediate(() => {
      throw new Error('outside of the task');
    });
  }
  await new Promise(() => undefined);
});

/** Fills the heap of its thread. */
export const fillHeapTask = defineTask('test.fillHeap', () => {
  const held: number[][] = [];
  for (;;) held.push(Array.from({ length: 10_000 }, (_, i) => i + 0.5));
});

/** Reports these numbers as progress. */
export const progressTask = defineTask('test.progress', (args: { numbers: number[] }, context) => {
  for (const number of args.numbers) context.progress(number);
  return 'ended';
});

/** What is shared under a key. */
export const sharedTask = defineTask('test.shared', (args: { key: string }, context) =>
  context.shared<unknown>(args.key),
);

/** A buffer that is moved to the caller, and a result that cannot be sent. */
export const bufferTask = defineTask('test.buffer', (args: { sendable: boolean }, context): unknown =>
  args.sendable ? context.transfer(new Float64Array([1, 2, 3]).buffer) : (): number => 1,
);

export const testTasks = [
  addTask,
  threadTask,
  orderTask,
  untilCancelledTask,
  failTask,
  crashTask,
  fillHeapTask,
  progressTask,
  sharedTask,
  bufferTask,
];
