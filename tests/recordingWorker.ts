/** For tests only: the engine's worker, whose files write down every read and take their time over it. */
import { appendFileSync } from 'node:fs';
import { FileSource } from '../src/engine/io/fileSource.ts';
import { engineTasks } from '../src/engine/tasks.ts';
import { serveTasks } from '../src/engine/workers/serveTasks.ts';

const log = process.env['CUBELENS_TEST_READS'] ?? '';
const pause = new Int32Array(new SharedArrayBuffer(4));
const readInto = Reflect.get(FileSource.prototype, 'readInto');

/** Line of the log: offset and length, or the word `stopped` where the reader saw that nobody wants it any more. */
FileSource.prototype.readInto = async function (offset, target, options = {}) {
  if (/\.(?:img|dat)$/.test(this.name)) {
    const isStopped = options.signal?.aborted === true;
    appendFileSync(log, isStopped ? 'stopped\n' : `${offset} ${target.length}\n`);
    Atomics.wait(pause, 0, 0, 1);
  }
  return readInto.call(this, offset, target, options);
};

serveTasks(engineTasks);
