import { z } from 'zod';

// Self-attention: what may be asked and what comes of it. Layers, heads, queries and keys are indexes from 0.

const row = z.array(z.number()).min(1);
const rows = z.array(row).min(1);
/** One head as rows, or a list of heads of rows. One union at the bottom: so a fault is named by its row and column. */
const heads = z
  .array(z.array(z.union([z.number(), row], 'is no number, nor a row of numbers')).min(1))
  .min(1);
const tokens = z.array(z.string().max(200)).min(1).optional();

/** Tokens and weights: Q = X Wq, K = X Wk, V = X Wv, cut into heads; with Wo their outputs are joined and multiplied. */
export const projectedSchema = z.strictObject({
  tokens,
  x: rows,
  wq: rows,
  wk: rows,
  wv: rows,
  wo: rows.optional(),
  heads: z.int().min(1).max(1024).default(1),
});

/** Queries, keys and values themselves. */
export const vectorsSchema = z.strictObject({ tokens, q: heads, k: heads, v: heads });

export const attentionExamples = ['f1', 'f2', 'f3', 'f4'] as const;

/** Where attention comes from. Files are named by grants. */
export const attentionSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('example'), name: z.enum(attentionExamples) }),
  z.strictObject({ kind: z.literal('text'), text: z.string().min(1).max(10_000) }),
  z.strictObject({ kind: z.literal('projected'), ...projectedSchema.shape }),
  z.strictObject({ kind: z.literal('vectors'), ...vectorsSchema.shape }),
  /** JSON of one of the two above, JSON of BertViz, .npy, .npz or .safetensors of weights. */
  z.strictObject({ kind: z.literal('file'), grantId: z.string().min(1) }),
  /** CSV, one matrix a file. */
  z.strictObject({
    kind: z.literal('tables'),
    q: z.string().min(1),
    k: z.string().min(1),
    v: z.string().min(1),
  }),
]);
export type AttentionSource = z.input<typeof attentionSourceSchema>;

export const attentionMaskSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** Query i sees the keys up to i. */
  z.strictObject({ kind: z.literal('causal') }),
  /** Only the first `length` keys are seen. */
  z.strictObject({ kind: z.literal('padding'), length: z.int().min(0) }),
]);
export type AttentionMask = z.infer<typeof attentionMaskSchema>;

const index = z.int().min(0);

export const attentionRequestSchema = z.strictObject({
  source: attentionSourceSchema,
  /** Left out: none. */
  mask: attentionMaskSchema.optional(),
  /** Scores are divided by it. Default 1. */
  temperature: z.number().positive().optional(),
  /** False: scores are not divided by sqrt(d_k). Default true. */
  scale: z.boolean().optional(),
  /** Of imported weights: rows and columns are exchanged. */
  transpose: z.boolean().default(false),
  /** Of imported scores: they become weights by a softmax over each row. */
  softmax: z.boolean().default(false),
  /** Only this layer is answered (`layers` then has it alone); left out: all. */
  layer: z.union([index, z.literal('last')]).optional(),
  /** All tensors of every head (q, k, v, s, value-weighted weights) and layer. */
  tensors: z.boolean().default(false),
  /** The arithmetic of one weight. */
  cell: z.strictObject({ layer: index, head: index, query: index, key: index }).optional(),
});
export type AttentionRequest = z.input<typeof attentionRequestSchema>;

export interface AttentionHead {
  /** Weights N x N: row i is how query i spreads over the keys. */
  A: number[][];
  /** Outputs N x d_v; null where weights alone were given. */
  Z: number[][] | null;
  /** Of each query, in nats, and its exponential. */
  entropy: number[];
  effectiveCount: number[];
  /** Of each key: its column's sum over N. */
  received: number[];
  /** With `tensors`; S is null where the mask forbids. */
  tensors?: HeadTensors | undefined;
}

export interface HeadTensors {
  Q: number[][];
  K: number[][];
  V: number[][];
  S: (number | null)[][];
  /** a_ij ||v_j||. */
  valueWeighted: number[][];
}

export interface AttentionLayer {
  heads: AttentionHead[];
  /** With `tensors`: what the layer gets, what its heads give together, and what it hands on; null where there is none. */
  tensors?: { input: number[][] | null; concat: number[][] | null; output: number[][] | null } | undefined;
}

/** One weight, step by step. `exp` and `rowSum` are of scores minus `shift`, which is 0 unless they would overflow. */
export interface AttentionCell {
  layer: number;
  head: number;
  query: number;
  key: number;
  terms: number[];
  dot: number;
  scaled: number;
  isMasked: boolean;
  shift: number;
  exp: number;
  rowSum: number;
  weight: number;
}

export interface AttentionAnswer {
  tokens: string[];
  /** How many layers there are; `firstLayer` is the index of the first one answered. */
  layerCount: number;
  firstLayer: number;
  layers: AttentionLayer[];
  /** Rollout over all layers. */
  rollout: number[][];
  /** What a reader should know, in sentences: rows without a key, what was exchanged or normalised. */
  notes: string[];
  /** With a sentence: the model's 512 numbers for it, of length 1. */
  embedding?: number[] | undefined;
  cell?: AttentionCell | undefined;
}

/** What is written of an answer: one layer's mean of its heads, or one head. */
export const attentionOutputSchema = z.strictObject({
  request: attentionRequestSchema,
  layer: index.optional(),
  head: index.nullable().default(null),
  format: z.enum(['csv', 'npy', 'svg']),
  target: z.string().min(1),
  replace: z.boolean().default(false),
});
