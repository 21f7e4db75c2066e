import type { Random } from '../../base/random.ts';
import { CubelensError } from '../../base/errors.ts';
import { vaeConfigSchema, type VaeConfig, type VaeRequestedConfig } from '../../contract/vae.ts';

/** Columns of an activation: positions with channels; the channel changes fastest. */
export interface Extent {
  length: number;
  channels: number;
}

/** One layer: what it takes and gives, and where its weights lie in the flat vector of all parameters. */
export interface Layer {
  name: string;
  /** `transposed` is the adjoint of `conv`: it doubles the length. */
  kind: 'dense' | 'conv' | 'transposed';
  input: Extent;
  output: Extent;
  relu: boolean;
  /** Rows and columns of the weight matrix. */
  shape: readonly [number, number];
  weight: number;
  bias: number;
  biasLength: number;
  kernel: number;
}

/** The whole network. The last layer of the encoder gives r means and then r log variances. */
export interface Network {
  columns: number;
  latent: number;
  encoder: Layer[];
  decoder: Layer[];
  /** Length of the flat vector: all weights and, last, the logarithm of the noise variance. */
  parameters: number;
}

/** Stride of every convolution. */
export const stride = 2;
const mostParameters = 20_000_000;

/**
 * The configuration with every default filled in.
 * Throws `invalid-request` with the field and what is wrong with it.
 */
export function vaeConfig(requested: VaeRequestedConfig): VaeConfig {
  const parsed = vaeConfigSchema.safeParse(requested);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    throw new CubelensError(
      'invalid-request',
      `${field === '' ? 'Configuration' : field}: ${issue?.message}.`,
      {
        field,
      },
    );
  }
  const { encoder, decoder, ...rest } = parsed.data;
  const isDense = rest.kind === 'dense';
  const filled = {
    ...rest,
    encoder: encoder ?? (isDense ? [64] : [8, 16]),
    decoder: decoder ?? (isDense ? [64] : [16, 8]),
  };
  // In the schema's own order, so that a recipe that is written again is the same text.
  return vaeConfigSchema.parse(filled) as VaeConfig;
}

/**
 * The network of a configuration for samples of so many columns.
 * Throws `out-of-range` where it would have more than 20 million parameters.
 */
export function vaeNetwork(config: VaeConfig, columns: number): Network {
  const latent = { length: 1, channels: config.latent };
  const spectrum = { length: columns, channels: 1 };
  let used = 0;
  const layer = (name: string, kind: Layer['kind'], input: Extent, output: Extent, relu: boolean): Layer => {
    const shape = shapeOf(kind, input, output, config.kernel);
    const biasLength = kind === 'dense' ? size(output) : output.channels;
    const weight = used;
    const bias = weight + shape[0] * shape[1];
    used = bias + biasLength;
    return { name, kind, input, output, relu, shape, weight, bias, biasLength, kernel: config.kernel };
  };

  const encoder: Layer[] = [];
  let at: Extent = spectrum;
  for (const [k, width] of config.encoder.entries()) {
    const isConv = config.kind === 'conv';
    const next = isConv
      ? { length: Math.ceil(at.length / stride), channels: width }
      : { length: 1, channels: width };
    encoder.push(layer(`encoder/${k + 1}`, isConv ? 'conv' : 'dense', at, next, true));
    at = next;
  }
  encoder.push(layer('encoder/posterior', 'dense', at, { length: 1, channels: 2 * config.latent }, false));

  const decoder: Layer[] = [];
  at = latent;
  if (config.kind === 'dense' || config.decoder.length === 0) {
    for (const [k, width] of config.decoder.entries()) {
      const next = { length: 1, channels: width };
      decoder.push(layer(`decoder/${k + 1}`, 'dense', at, next, true));
      at = next;
    }
    decoder.push(layer('decoder/spectrum', 'dense', at, spectrum, false));
  } else {
    // Lengths from the shortest to the whole spectrum, each half of the next.
    const lengths = [columns];
    for (let k = 0; k < config.decoder.length; k++)
      lengths.unshift(Math.ceil((lengths[0] as number) / stride));
    for (const [k, width] of config.decoder.entries()) {
      const next = { length: lengths[k] as number, channels: width };
      decoder.push(layer(`decoder/${k + 1}`, k === 0 ? 'dense' : 'transposed', at, next, true));
      at = next;
    }
    decoder.push(layer('decoder/spectrum', 'transposed', at, spectrum, false));
  }
  if (used > mostParameters) {
    throw new CubelensError('out-of-range', `The network would have ${used} parameters.`, {
      field: 'encoder',
      remedy: `Choose fewer or narrower layers: at most ${mostParameters} parameters.`,
    });
  }
  return { columns, latent: config.latent, encoder, decoder, parameters: used + 1 };
}

/** Numbers a sample. */
export const size = ({ length, channels }: Extent): number => length * channels;

function shapeOf(
  kind: Layer['kind'],
  input: Extent,
  output: Extent,
  kernel: number,
): readonly [number, number] {
  if (kind === 'dense') return [size(input), size(output)];
  if (kind === 'conv') return [kernel * input.channels, output.channels];
  return [input.channels, kernel * output.channels];
}

/**
 * Parameters to start from: normal weights of variance 2 / inputs before ReLU (K. He et al., "Delving deep into
 * rectifiers", ICCV 2015) and 1 / inputs else, biases 0.
 * @param noiseVariance - of the observations, in standardised units.
 */
export function initialParameters(network: Network, random: Random, noiseVariance: number): Float32Array {
  const parameters = new Float32Array(network.parameters);
  for (const layer of [...network.encoder, ...network.decoder]) {
    // Every output of a transposed convolution with stride 2 meets about half of the kernel.
    const inputs =
      layer.kind === 'transposed' ? (layer.kernel * layer.input.channels) / stride : layer.shape[0];
    const spread = Math.sqrt((layer.relu ? 2 : 1) / inputs);
    for (let k = layer.weight; k < layer.bias; k++) parameters[k] = spread * random.normal();
  }
  parameters[network.parameters - 1] = Math.log(noiseVariance);
  return parameters;
}
