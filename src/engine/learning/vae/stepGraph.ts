import { GraphBuilder, type Graph, type GraphValue } from '../../tensorflow/graph.ts';
import { size, stride, type Extent, type Layer, type Network } from './layers.ts';
import { logVarianceLimit } from './objective.ts';

/** What is given to a step's graph, all float32 but `order`. */
export const stepInputs = {
  /** Samples x columns, in the data's units. */
  table: 'table',
  /** int32: which samples are the batch. */
  order: 'order',
  /** Rows x r standard normal numbers. */
  eps: 'eps',
  parameters: 'parameters',
  /** Of the standardisation: a column's mean, and 1 over its standard deviation (0 where constant). */
  mean: 'mean',
  factor: 'factor',
  /** Two numbers: 1 over the noise variance and the rows, and beta over the rows. */
  scales: 'scales',
} as const;

/** What comes out of it. */
export const stepOutputs = {
  /** Sum of the squared differences, then the sum of the divergences of each latent dimension: 1 + r numbers. */
  sums: 'sums',
  /** Derivatives of the batch's loss with respect to the parameters, without the last: that of the noise. */
  gradient: 'gradient',
} as const;

interface Trace {
  factor: GraphValue;
  output: GraphValue;
}

/** Weights and bias of a layer. */
interface Held {
  weight: GraphValue;
  bias: GraphValue;
}

/** The loss of a batch and its derivatives (see `lossOf`) as one graph, for any number of rows. */
export function stepGraph(network: Network): Graph {
  const { latent } = network;
  const g = new GraphBuilder();
  const table = g.input(stepInputs.table);
  const order = g.input(stepInputs.order, 'DT_INT32');
  const eps = g.input(stepInputs.eps);
  const parameters = g.input(stepInputs.parameters);
  const mean = g.input(stepInputs.mean);
  const factor = g.input(stepInputs.factor);
  const [toFit, toDivergence] = g.split(g.input(stepInputs.scales), [1, 1], 0) as [string, string];
  const held = heldBy(g, [...network.encoder, ...network.decoder], parameters);

  const x = g.binary('Mul', g.binary('Sub', g.gather(table, order, 0), mean), factor);
  const encoding = forwardAll(g, network.encoder, held, x);
  const raw = resultOf(encoding);
  const [mu, l] = g.split(raw, [latent, latent], 1) as [string, string];
  const limit = g.scalar(logVarianceLimit);
  const within = g.binary('Maximum', g.binary('Minimum', l, limit), g.scalar(-logVarianceLimit));
  const half = g.scalar(0.5);
  // e^(l/2) eps; half of it is dz/dl.
  const spread = g.binary('Mul', g.unary('Exp', g.binary('Mul', half, within)), eps);
  const z = g.binary('AddV2', mu, spread);
  const expm1 = g.unary('Expm1', within);
  const doubled = g.binary('AddV2', g.unary('Square', mu), g.binary('Sub', expm1, within));
  const divergences = g.binary('Mul', half, g.sum(doubled, [0]));

  const decoding = forwardAll(g, network.decoder, held, z);
  const difference = g.binary('Sub', resultOf(decoding), x);
  const squares = g.sum(g.unary('Square', difference), [0, 1]);
  g.output(stepOutputs.sums, g.concat([g.reshape(squares, [1]), divergences], 0));

  const found = new Map<Layer, Held>();
  const slope = g.binary('Mul', difference, toFit);
  const dz = backwardAll(g, network.decoder, held, decoding, slope, found, true) as GraphValue;
  const toMu = g.binary('AddV2', dz, g.binary('Mul', toDivergence, mu));
  const toLogVariance = g.binary(
    'Mul',
    half,
    g.binary('AddV2', g.binary('Mul', dz, spread), g.binary('Mul', toDivergence, expm1)),
  );
  // Beyond a limit only the way back counts, as in `posteriorSlope`.
  const isKept = g.compared('GreaterEqual', g.binary('Mul', toLogVariance, g.binary('Sub', l, within)));
  const toPosterior = g.concat([toMu, g.binary('Mul', toLogVariance, isKept)], 1);
  backwardAll(g, network.encoder, held, encoding, toPosterior, found, false);
  const flat = [...network.encoder, ...network.decoder].flatMap((layer) => {
    const { weight, bias } = found.get(layer) as Held;
    return [g.reshape(weight, [-1]), bias];
  });
  g.output(stepOutputs.gradient, g.concat(flat, 0));
  return g.graph;
}

/** The flat vector of parameters taken apart. */
function heldBy(g: GraphBuilder, layers: readonly Layer[], parameters: GraphValue): Map<Layer, Held> {
  const sizes = layers.flatMap(({ shape, biasLength }) => [shape[0] * shape[1], biasLength]);
  // The last number is that of the noise.
  const parts = g.split(parameters, [...sizes, 1], 0);
  return new Map(
    layers.map((layer, k) => [
      layer,
      { weight: g.reshape(parts[2 * k] as string, layer.shape), bias: parts[2 * k + 1] as string },
    ]),
  );
}

const resultOf = (traces: readonly Trace[]): GraphValue => (traces.at(-1) as Trace).output;

function forwardAll(
  g: GraphBuilder,
  layers: readonly Layer[],
  held: ReadonlyMap<Layer, Held>,
  x: GraphValue,
): Trace[] {
  return layers.map((layer) => {
    const trace = forward(g, layer, held.get(layer) as Held, x);
    x = trace.output;
    return trace;
  });
}

/** @param x - rows x size(layer.input). */
function forward(g: GraphBuilder, layer: Layer, { weight, bias }: Held, x: GraphValue): Trace {
  const { kind, input, output, kernel, shape, relu, biasLength } = layer;
  const factor = kind === 'conv' ? unfold(g, x, input, kernel) : g.reshape(x, [-1, shape[0]]);
  let product = g.matMul(factor, weight);
  if (kind === 'transposed') product = g.reshape(fold(g, product, output, kernel), [-1, biasLength]);
  const sum = g.biasAdd(product, bias);
  return { factor, output: g.reshape(relu ? g.unary('Relu', sum) : sum, [-1, size(output)]) };
}

/** Back through all layers, whose derivatives go into `found`. */
function backwardAll(
  g: GraphBuilder,
  layers: readonly Layer[],
  held: ReadonlyMap<Layer, Held>,
  traces: readonly Trace[],
  slope: GraphValue,
  found: Map<Layer, Held>,
  wantsInput: boolean,
): GraphValue | null {
  let back: GraphValue | null = slope;
  for (let k = layers.length - 1; k >= 0 && back !== null; k--) {
    const layer = layers[k] as Layer;
    const { weight } = held.get(layer) as Held;
    back = backward(g, layer, weight, traces[k] as Trace, back, found, wantsInput || k > 0);
  }
  return back;
}

function backward(
  g: GraphBuilder,
  layer: Layer,
  weight: GraphValue,
  { factor, output }: Trace,
  slope: GraphValue,
  found: Map<Layer, Held>,
  wantsInput: boolean,
): GraphValue | null {
  const { kind, input, kernel, relu, shape, biasLength } = layer;
  if (relu) slope = g.binary('Mul', slope, g.compared('Greater', output));
  const bias = g.sum(g.reshape(slope, [-1, biasLength]), [0]);
  slope = kind === 'transposed' ? unfold(g, slope, layer.output, kernel) : g.reshape(slope, [-1, shape[1]]);
  found.set(layer, { weight: g.matMul(factor, slope, { transposeA: true }), bias });
  if (!wantsInput) return null;
  const back = g.matMul(slope, weight, { transposeB: true });
  return kind === 'conv' ? fold(g, back, input, kernel) : g.reshape(back, [-1, size(input)]);
}

/** As `unfold` of plain arrays: from rows x size to (rows * ceil(length / 2)) x (kernel * channels). */
function unfold(g: GraphBuilder, x: GraphValue, { length, channels }: Extent, kernel: number): GraphValue {
  // One position of zeros stands for all beyond the ends.
  const padded = g.padEnd(g.reshape(x, [-1, length, channels]), 3, 1, 1);
  return g.reshape(g.gather(padded, neighbours(length, kernel), 1), [-1, kernel * channels]);
}

/** As `fold` of plain arrays: the adjoint of `unfold`, back to rows x size. */
function fold(g: GraphBuilder, parts: GraphValue, { length, channels }: Extent, kernel: number): GraphValue {
  const from = neighbours(length, kernel);
  const padded = g.padEnd(g.reshape(parts, [-1, from.length, channels]), 3, 1, 1);
  const most = Math.ceil(kernel / stride);
  const sources = Array.from({ length: most * length }, () => from.length);
  const met = new Int32Array(length);
  for (const [k, position] of from.entries()) {
    if (position === length) continue;
    const place = met[position] as number;
    sources[place * length + position] = k;
    met[position] = place + 1;
  }
  const gathered = g.reshape(g.gather(padded, sources, 1), [-1, most, length * channels]);
  return g.sum(gathered, [1]);
}

/** Of each number that `unfold` gives: the position that it is taken from, `length` for a zero beyond the ends. */
function neighbours(length: number, kernel: number): number[] {
  const before = (kernel - 1) / 2;
  return Array.from({ length: Math.ceil(length / stride) * kernel }, (_, k) => {
    const position = Math.floor(k / kernel) * stride - before + (k % kernel);
    return position < 0 || position >= length ? length : position;
  });
}
