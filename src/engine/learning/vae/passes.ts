import { size, stride, type Layer } from './layers.ts';
import type { Multiply } from './multiply.ts';

/** What a layer was given and gave, for its way back. */
export interface Trace {
  /** The left factor of its product: its input, or that unfolded. */
  factor: Float32Array;
  output: Float32Array;
}

/** @param x - rows x size(layer.input), row after row. */
export function forward(
  multiply: Multiply,
  layer: Layer,
  parameters: Float32Array,
  x: Float32Array,
  rows: number,
): Trace {
  const weight = parameters.subarray(layer.weight, layer.bias);
  const bias = parameters.subarray(layer.bias, layer.bias + layer.biasLength);
  const [inner, columns] = layer.shape;
  const { relu } = layer;
  if (layer.kind === 'dense') {
    return { factor: x, output: multiply(x, weight, [rows, inner, columns], { bias, relu }) };
  }
  if (layer.kind === 'conv') {
    const factor = unfold(x, rows, layer.input.length, layer.input.channels, layer.kernel);
    return {
      factor,
      output: multiply(factor, weight, [rows * layer.output.length, inner, columns], { bias, relu }),
    };
  }
  const parts = multiply(x, weight, [rows * layer.input.length, inner, columns]);
  const output = fold(parts, rows, layer.output.length, layer.output.channels, layer.kernel);
  const { channels } = layer.output;
  let channel = 0;
  for (let k = 0; k < output.length; k++) {
    const value = (output[k] as number) + (bias[channel] as number);
    output[k] = relu && value < 0 ? 0 : value;
    if (++channel === channels) channel = 0;
  }
  return { factor: x, output };
}

/**
 * Derivatives with respect to a layer's weights and bias, written into `gradient`, and (where asked for) its input.
 * @param slope - derivative with respect to its output; is changed.
 */
export function backward(
  multiply: Multiply,
  layer: Layer,
  parameters: Float32Array,
  { factor, output }: Trace,
  slope: Float32Array,
  rows: number,
  gradient: Float32Array,
  wantsInput: boolean,
): Float32Array | null {
  const [inner, columns] = layer.shape;
  const weight = parameters.subarray(layer.weight, layer.bias);
  if (layer.relu) maskSlope(slope, output);
  sumRows(slope, layer.biasLength, gradient.subarray(layer.bias, layer.bias + layer.biasLength));
  const { kind, input, kernel } = layer;
  if (kind === 'transposed') {
    slope = unfold(slope, rows, layer.output.length, layer.output.channels, kernel);
  }
  const count = factor.length / inner;
  gradient.set(multiply(factor, slope, [inner, count, columns], { transposeA: true }), layer.weight);
  if (!wantsInput) return null;
  const back = multiply(slope, weight, [count, columns, inner], { transposeB: true });
  return kind === 'conv' ? fold(back, rows, input.length, input.channels, kernel) : back;
}

/** The derivative before a ReLU: 0 where it gave 0. */
function maskSlope(slope: Float32Array, output: Float32Array): void {
  for (let k = 0; k < slope.length; k++) if (!((output[k] as number) > 0)) slope[k] = 0;
}

/** Sums of the columns, in float64. */
function sumRows(values: Float32Array, columns: number, into: Float32Array): void {
  const sums = new Float64Array(columns);
  for (let from = 0; from < values.length; from += columns) {
    for (let column = 0; column < columns; column++) {
      sums[column] = (sums[column] as number) + (values[from + column] as number);
    }
  }
  into.set(sums);
}

/**
 * The neighbourhoods that a convolution with stride 2 multiplies, zeros beyond the ends: from rows x (length *
 * channels) to (rows * ceil(length / 2)) x (kernel * channels).
 */
export function unfold(
  values: Float32Array,
  rows: number,
  length: number,
  channels: number,
  kernel: number,
): Float32Array {
  const outputs = Math.ceil(length / stride);
  const width = kernel * channels;
  const out = new Float32Array(rows * outputs * width);
  const before = ((kernel - 1) / 2) * channels;
  for (let row = 0; row < rows; row++) {
    const start = row * length * channels;
    const end = start + length * channels;
    for (let o = 0; o < outputs; o++) {
      // Where the neighbourhood would start, perhaps beyond the end of the spectrum.
      const first = start + o * stride * channels - before;
      const shift = (row * outputs + o) * width - first;
      const to = Math.min(end, first + width);
      for (let k = Math.max(start, first); k < to; k++) out[k + shift] = values[k] as number;
    }
  }
  return out;
}

/** The adjoint of `unfold`: adds every neighbourhood back to where it came from. */
export function fold(
  values: Float32Array,
  rows: number,
  length: number,
  channels: number,
  kernel: number,
): Float32Array {
  const outputs = Math.ceil(length / stride);
  const width = kernel * channels;
  const out = new Float32Array(rows * length * channels);
  const before = ((kernel - 1) / 2) * channels;
  for (let row = 0; row < rows; row++) {
    const start = row * length * channels;
    const end = start + length * channels;
    for (let o = 0; o < outputs; o++) {
      const first = start + o * stride * channels - before;
      const shift = (row * outputs + o) * width - first;
      const to = Math.min(end, first + width);
      for (let k = Math.max(start, first); k < to; k++) {
        out[k] = (out[k] as number) + (values[k + shift] as number);
      }
    }
  }
  return out;
}

/** All layers one after the other; the last trace holds the result. */
export function forwardAll(
  multiply: Multiply,
  layers: readonly Layer[],
  parameters: Float32Array,
  x: Float32Array,
  rows: number,
): Trace[] {
  const traces: Trace[] = [];
  for (const layer of layers) {
    const trace = forward(multiply, layer, parameters, x, rows);
    traces.push(trace);
    x = trace.output;
  }
  return traces;
}

/** Back through all layers. Gives the derivative with respect to the input where it is asked for, else null. */
export function backwardAll(
  multiply: Multiply,
  layers: readonly Layer[],
  parameters: Float32Array,
  traces: readonly Trace[],
  slope: Float32Array,
  rows: number,
  gradient: Float32Array,
  wantsInput: boolean,
): Float32Array | null {
  let back: Float32Array | null = slope;
  for (let k = layers.length - 1; k >= 0 && back !== null; k--) {
    const [layer, trace] = [layers[k] as Layer, traces[k] as Trace];
    back = backward(multiply, layer, parameters, trace, back, rows, gradient, wantsInput || k > 0);
  }
  return back;
}

/** What the last layer gave. */
export const resultOf = (traces: readonly Trace[]): Float32Array => (traces.at(-1) as Trace).output;

/** Numbers a row that a chain of layers gives. */
export const widthOf = (layers: readonly Layer[]): number => size((layers.at(-1) as Layer).output);
