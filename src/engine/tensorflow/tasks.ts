import { asCubelensError } from '../base/errors.ts';
import type { BackendCheck, TensorFlowFacts } from '../contract/tensorflow.ts';
import { defineTask, type AnyTask } from '../workers/task.ts';

// For the thread of TensorFlow alone: it takes hundreds of megabytes, and each thread would load its own.

/** What TensorFlow runs on; loads it. */
export const tensorFlowFactsTask = defineTask('tensorflow.facts', async (): Promise<TensorFlowFacts> => {
  const { loadTensorFlow } = await import('./loadTensorFlow.ts');
  try {
    const { backend, version, reason } = await loadTensorFlow();
    return { backend, version, reason };
  } catch (thrown) {
    return { backend: null, version: null, reason: asCubelensError(thrown).message };
  }
});

/** As `selfCheck`. */
export const selfCheckTask = defineTask('tensorflow.selfCheck', async (): Promise<BackendCheck[]> =>
  (await import('./selfCheck.ts')).selfCheck(),
);

/** Tasks of this folder. */
export const tensorFlowTasks: readonly AnyTask[] = [tensorFlowFactsTask, selfCheckTask];
