import type { AttentionAnswer } from '../contract/attention.ts';
import type { OutputFile } from '../io/outputFile.ts';
import { PartWriter } from '../io/partWriter.ts';
import { npyHeader } from '../exports/npy.ts';
import { defineTask, type AnyTask } from '../workers/task.ts';
import { headMean } from './attend.ts';
import { computeAttention, type AttentionOrder } from './computeAttention.ts';
import { heatMapSvg } from './heatMap.ts';
import { fromRows, rowsOf } from './matrix.ts';

/** Attention of a source. */
export const attentionTask = defineTask(
  'attention.compute',
  (order: AttentionOrder): Promise<AttentionAnswer> => computeAttention(order),
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
  const head = ['query', ...tokens].map(quoted).join(',');
  const rows = weights.map((row, i) => [quoted(tokens[i] ?? ''), ...row].join(','));
  return [Buffer.from(`${[head, ...rows].join('\n')}\n`)];
}

/** A field of CSV (RFC 4180). */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const attentionTasks: readonly AnyTask[] = [attentionTask, writeWeightsTask];
