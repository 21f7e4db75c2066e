import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import type { attentionOutputSchema } from '../contract/attention.ts';
import type { WrittenFile } from '../contract/exports.ts';
import { writeOneFile } from '../exports/writeOneFile.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ThreadPool } from '../workers/pool.ts';
import type { AttentionOrder } from './computeAttention.ts';
import { attentionTask, writeWeightsTask } from './tasks.ts';

/** What is written, with the paths of its files. */
export interface AttentionOutput {
  output: Omit<z.output<typeof attentionOutputSchema>, 'request' | 'target'>;
  order: AttentionOrder;
  path: string;
}

/**
 * Computes attention and writes the weights of one layer: the mean of its heads, or one of them. Whole or not at all. Throws
 * `invalid-request` where there is no such layer or head, or a file that is not to be replaced.
 */
export async function runAttentionExport(
  pool: ThreadPool,
  { output, order, path }: AttentionOutput,
  job: JobContext,
): Promise<WrittenFile> {
  const work = { signal: job.signal, priority: 'export' } as const;
  job.stage('Computing');
  const request = { ...order.request, layer: output.layer ?? ('last' as const) };
  const answer = await pool.run(attentionTask, { ...order, request }, work);
  const { tokens, layers, firstLayer: layer } = answer;
  const heads = layers.flatMap(({ heads: own }) => own.map(({ A }) => A));
  const written = output.head === null ? heads : [chosenHead(heads, output.head)];
  const which =
    output.head === null
      ? heads.length > 1
        ? `, mean of ${heads.length} heads`
        : ''
      : `, head ${output.head}`;
  job.stage('Writing');
  const title = `Attention weights, layer ${layer}${which}`;
  return writeOneFile(path, output.replace, (file) =>
    pool.run(writeWeightsTask, { output: file, format: output.format, title, tokens, heads: written }, work),
  );
}

function chosenHead<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item !== undefined) return item;
  throw new CubelensError(
    'out-of-range',
    `There is no head ${index}: they go from 0 to ${items.length - 1}.`,
    {
      field: 'head',
    },
  );
}
