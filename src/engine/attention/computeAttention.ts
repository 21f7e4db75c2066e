import type { z } from 'zod';
import {
  vectorsSchema,
  type AttentionAnswer,
  type AttentionHead,
  type AttentionLayer,
  type attentionRequestSchema,
} from '../contract/attention.ts';
import { CubelensError } from '../base/errors.ts';
import { attend, type AttendOptions, type Head } from './attend.ts';
import { readAttentionFile, readTable, type FileContent } from './attentionFile.ts';
import { examples } from './examples.ts';
import { importedWeights } from './importedWeights.ts';
import { product, refused, rowsOf, sideBySide, type Matrix } from './matrix.ts';
import { cellOf, effectiveCounts, entropies, received, rollout, valueWeighted } from './measures.ts';
import { encoderFolder, SentenceEncoder } from './sentenceEncoder.ts';
import { projectedInputs, tokensFor, vectorInputs, type HeadInputs } from './sources.ts';

/** A request with the paths of its granted files. */
export interface AttentionOrder {
  request: z.output<typeof attentionRequestSchema>;
  /** Of the source's files by their grants. */
  paths: Readonly<Record<string, string>>;
}

/** One layer: heads with all they are made of, or weights alone. */
interface Layer {
  heads: { weights: Matrix; made: Head | null }[];
  input: Matrix | null;
  concat: Matrix | null;
  output: Matrix | null;
}

interface Computed {
  tokens: string[];
  layers: Layer[];
  notes: string[];
  options: AttendOptions;
  embedding: Float64Array | null;
}

let encoder: Promise<SentenceEncoder> | null = null;

/**
 * Attention of any source, with what a person reads in it; reads files, so it is for worker threads. Throws `invalid-request`,
 * `malformed-file` and what reading throws, by tensor, row and column.
 */
export async function computeAttention(order: AttentionOrder): Promise<AttentionAnswer> {
  const { request } = order;
  const computed = await compute(order);
  const { tokens, layers, options } = computed;
  const asked = request.layer === 'last' ? layers.length - 1 : (request.layer ?? null);
  const answered = asked === null ? layers : [place('layer', layers, asked)];
  checkSize(answered, tokens.length);
  const answer: AttentionAnswer = {
    tokens,
    layerCount: layers.length,
    firstLayer: asked ?? 0,
    layers: answered.map((layer) => layerAnswer(layer, request.tensors)),
    rollout: rowsOf(rollout(layers.map(({ heads }) => heads.map(({ weights }) => weights)))),
    notes: [...computed.notes, ...maskNotes(layers)],
  };
  if (computed.embedding !== null) answer.embedding = Array.from(computed.embedding);
  const { cell } = request;
  if (cell === undefined) return answer;
  const layer = place('layer', layers, cell.layer);
  const head = place('head', layer.heads, cell.head);
  for (const name of ['query', 'key'] as const) place(name, tokens, cell[name]);
  if (head.made === null)
    throw refused('cell', 'Weights alone have no queries and keys to compute a cell from.');
  return { ...answer, cell: cellOf(head.made, cell, options) };
}

/** Most weights of one answer: as JSON they take some 200 MB. */
const mostWeights = 10_000_000;

/** Throws `resource-exhausted` where the weights of these layers are too many for one answer. */
function checkSize(layers: readonly Layer[], tokens: number): void {
  const weights = layers.reduce((sum, { heads }) => sum + heads.length, 0) * tokens * tokens;
  if (weights <= mostWeights) return;
  throw new CubelensError(
    'resource-exhausted',
    `These layers have ${weights} weights, too many for one answer.`,
    {
      field: 'layer',
      remedy: 'Ask for one layer, or write it with --out.',
    },
  );
}

function place<Item>(name: string, items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item !== undefined) return item;
  throw refused(name, `There is no ${name} ${index}: they go from 0 to ${items.length - 1}.`);
}

async function compute({ request, paths }: AttentionOrder): Promise<Computed> {
  const { source } = request;
  const options = (scale: boolean): AttendOptions => ({
    mask: request.mask ?? { kind: 'none' },
    temperature: request.temperature ?? 1,
    scale: request.scale ?? scale,
  });
  const isWeights = source.kind === 'file';
  if (!isWeights && (request.transpose || request.softmax)) {
    throw refused('transpose', 'Transpose and softmax are for weights from a file.');
  }
  switch (source.kind) {
    case 'text':
      return ofText(source.text, options(true));
    case 'example': {
      const { inputs, scale, title } = examples[source.name];
      return ofInputs(inputs(), options(scale), [title]);
    }
    case 'tables': {
      const read = (name: 'q' | 'k' | 'v'): Promise<number[][]> => readTable(paths[source[name]] ?? '');
      const vectors = { q: await read('q'), k: await read('k'), v: await read('v') };
      return ofInputs(vectorInputs(vectorsSchema.parse(vectors)), options(true), []);
    }
    case 'file': {
      const content = await readAttentionFile(paths[source.grantId] ?? '');
      if (content.kind === 'weights') return ofWeights(content, request, options(true));
      if (request.transpose || request.softmax) {
        throw refused(
          'transpose',
          'Transpose and softmax are for weights; this file holds what they are computed from.',
        );
      }
      return ofInputs(content.inputs, options(true), []);
    }
    case 'projected': {
      const { kind: _kind, ...given } = source;
      return ofInputs(projectedInputs(given), options(true), []);
    }
    case 'vectors': {
      const { kind: _kind, ...given } = source;
      return ofInputs(vectorInputs(given), options(true), []);
    }
  }
}

async function ofText(text: string, options: AttendOptions): Promise<Computed> {
  // Not kept where it fails: the next one may find it.
  encoder ??= encoderFolder()
    .then((folder) => SentenceEncoder.read(folder))
    .catch((thrown: unknown) => {
      encoder = null;
      throw thrown;
    });
  const { tokens, layers, unknown, embedding } = (await encoder).encode(text, options);
  const notes = [...new Set(unknown)].map(
    (piece) => `The model does not know "${piece}": it reads a sign for unknown there.`,
  );
  const own = layers.map(({ heads, input, concat, output }) => ({
    heads: heads.map((made) => ({ weights: made.a, made })),
    input,
    concat,
    output,
  }));
  return { tokens, layers: own, notes, options, embedding };
}

function ofInputs({ tokens, heads, wo, x }: HeadInputs, options: AttendOptions, notes: string[]): Computed {
  const made = heads.map(({ q, k, v }) => attend(q, k, v, options));
  const concat = sideBySide(made.map(({ z }) => z));
  const output = wo === null ? null : product(concat, wo, ['the joined heads', 'wo']);
  const layer: Layer = {
    heads: made.map((head) => ({ weights: head.a, made: head })),
    input: x,
    concat,
    output,
  };
  return { tokens, layers: [layer], notes, options, embedding: null };
}

function ofWeights(
  content: Extract<FileContent, { kind: 'weights' }>,
  request: AttentionOrder['request'],
  options: AttendOptions,
): Computed {
  for (const name of ['mask', 'temperature', 'scale'] as const) {
    if (request[name] !== undefined) {
      throw refused(
        name,
        `Weights that are computed already take no ${name}.`,
        'Give queries, keys and values.',
      );
    }
  }
  const { layers, notes } = importedWeights(content.tensors, request);
  const size = layers[0]?.[0]?.rows ?? 0;
  return {
    tokens: tokensFor(content.tokens ?? undefined, size),
    layers: layers.map((heads) => ({
      heads: heads.map((weights) => ({ weights, made: null })),
      input: null,
      concat: null,
      output: null,
    })),
    notes,
    options,
    embedding: null,
  };
}

function layerAnswer({ heads, input, concat, output }: Layer, tensors: boolean): AttentionLayer {
  const answers = heads.map(({ weights, made }) => headAnswer(weights, made, tensors));
  if (!tensors) return { heads: answers };
  const rows = (matrix: Matrix | null): number[][] | null => (matrix === null ? null : rowsOf(matrix));
  return { heads: answers, tensors: { input: rows(input), concat: rows(concat), output: rows(output) } };
}

function headAnswer(weights: Matrix, made: Head | null, tensors: boolean): AttentionHead {
  const answer: AttentionHead = {
    A: rowsOf(weights),
    Z: made === null ? null : rowsOf(made.z),
    entropy: entropies(weights),
    effectiveCount: effectiveCounts(weights),
    received: received(weights),
  };
  if (!tensors || made === null) return answer;
  return {
    ...answer,
    tensors: {
      Q: rowsOf(made.q),
      K: rowsOf(made.k),
      V: rowsOf(made.v),
      // JSON has no infinity.
      S: rowsOf(made.s).map((row) => row.map((score) => (score === -Infinity ? null : score))),
      valueWeighted: rowsOf(valueWeighted(weights, made.v)),
    },
  };
}

/** All heads have one mask: what it leaves without a key is said once. */
function maskNotes(layers: readonly Layer[]): string[] {
  const rows = layers[0]?.heads[0]?.made?.maskedRows ?? [];
  if (rows.length === 0) return [];
  const which = rows.length === 1 ? `Query ${rows[0] ?? 0} has` : `Queries ${rows.join(', ')} have`;
  return [`${which} no key to attend to under this mask: their weights are zero.`];
}
