import type { AttentionAnswer } from '../contract/attention.ts';
import type { OutputFile } from '../io/outputFile.ts';
import { PartWriter } from '../io/partWriter.ts';
import { csvRow, textCell } from '../exports/csv.ts';
import { npyHeader } from '../exports/npy.ts';
import { defineTask, type AnyTask } from '../workers/task.ts';
import { headMean } from './attend.ts';
import type { AttentionOrder } from './computeAttention.ts';
import { heatMapSvg } from './heatMap.ts';
import { fromRows, rowsOf } from './matrix.ts';

/** Attention of a source. What reads files and checks them is loaded when it is first needed. */
export const attentionTask = defineTask(
  'attention.compute',
  async (order: AttentionOrder): Promise<AttentionAnswer> => {
    const { computeAttention } = await import('./computeAttention.ts');
    return computeAttention(order);
  },
);

/** Weights as the content of a temporary file. */
export const writeWeightsTask = defineTask(
  'attention.write',
  (args: {
    output: OutputFile;
    format: 'csv' | 'npy' | 'svg';
    title: string;
    tokens: string[];
    /** One head, or several of which the mean is written. */
    heads: number[][][];
  }): void => {
    const mean = headMean(args.heads.map((rows) => fromRows('weights', rows)));
    const weights = rowsOf(mean);
    const writer = new PartWriter(args.output);
    try {
      const bytes = Buffer.concat(contentOf(args, weights, mean.values));
      writer.write(bytes, 0);
      writer.finish(bytes.length);
    } finally {
      writer.close();
    }
  },
);

function contentOf(
  { format, title, tokens }: { format: 'csv' | 'npy' | 'svg'; title: string; tokens: string[] },
  weights: number[][],
  values: Float64Array,
): Uint8Array[] {
  if (format === 'npy') {
    return [npyHeader('float64', [weights.length, weights.length]), new Uint8Array(values.buffer)];
  }
  if (format === 'svg') return [Buffer.from(heatMapSvg({ title, tokens, weights }))];
  const rows = weights.map((row, i) => csvRow([textCell(tokens[i] ?? ''), ...row.map(String)]));
  return [Buffer.from(csvRow(['query', ...tokens.map(textCell)]) + rows.join(''))];
}

export const attentionTasks: readonly AnyTask[] = [attentionTask, writeWeightsTask];
