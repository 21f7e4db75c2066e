import { asCubelensError } from '../base/errors.ts';
import { ThreadPool } from './pool.ts';
import { addTask, fillHeapTask } from './testTasks.ts';

// For tests only: a program of its own that uses a pool and never closes it. It says what came of it through its exit
// code alone: 0 as hoped, 1 not.

const pool = new ThreadPool({ workerUrl: new URL('./testWorker.ts', import.meta.url), threads: 2 });
if (process.argv[2] === 'memory') {
  const error = await pool.run(fillHeapTask, undefined).then(() => null, asCubelensError);
  const sum = await pool.run(addTask, { a: 2, b: 3 });
  process.exitCode = error?.code === 'resource-exhausted' && sum === 5 ? 0 : 1;
} else {
  process.exitCode = (await pool.run(addTask, { a: 2, b: 3 })) === 5 ? 0 : 1;
}
