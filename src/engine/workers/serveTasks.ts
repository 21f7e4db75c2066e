import { parentPort } from 'node:worker_threads';
import { stackOf } from '../base/debugLog.ts';
import { asCubelensError, CubelensError, toWireError } from '../base/errors.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import type { AnyTask, TaskContext } from './task.ts';

/** Serves these tasks to the pool that started this worker thread. Call it once, in the worker's entry. */
export function serveTasks(tasks: readonly AnyTask[]): void {
  const port = parentPort;
  if (port === null) throw new CubelensError('internal', 'serveTasks runs in worker threads only.');
  const registry = new Map<string, AnyTask>();
  for (const task of tasks) {
    if (registry.has(task.name)) throw new CubelensError('internal', `Two tasks are named ${task.name}.`);
    registry.set(task.name, task);
  }
  const shared = new Map<string, unknown>();
  const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => {
    port.postMessage(message, transfer);
  };

  port.on('message', (message: ToWorker) => {
    if (message.kind === 'share') shared.set(message.key, message.value);
    else if (message.kind === 'unshare') shared.delete(message.key);
    else void runOne(message);
  });

  function taskNamed(name: string): AnyTask {
    const task = registry.get(name);
    if (task === undefined) throw new CubelensError('internal', `No task is named ${name}.`);
    return task;
  }

  async function runOne(message: Extract<ToWorker, { kind: 'run' }>): Promise<void> {
    const { id, cancelled } = message;
    const transfer: ArrayBuffer[] = [];
    const context: TaskContext = {
      signal: {
        get aborted() {
          return Atomics.load(cancelled, 0) !== 0;
        },
      },
      progress: (done, live) => {
        send({ kind: 'progress', id, done, live });
      },
      shared<T>(key: string): T {
        if (!shared.has(key)) throw new CubelensError('internal', `Nothing is shared as ${key}.`);
        // The pool's caller and the task agree on the type under a key.
        return shared.get(key) as T;
      },
      // The caller and the task agree on the types under a name.
      call: async <Result>(name: string, args: unknown) =>
        (await taskNamed(name).run(args, context)) as Result,
      transfer: (buffer) => {
        transfer.push(buffer);
        return buffer;
      },
    };
    try {
      const result: unknown = await taskNamed(message.task).run(message.args, context);
      send({ kind: 'done', id, result }, transfer);
    } catch (thrown) {
      const error = asCubelensError(thrown);
      const stack = error.code === 'internal' ? stackOf(thrown) : null;
      send({ kind: 'failed', id, error: toWireError(error), stack });
    }
  }
}
