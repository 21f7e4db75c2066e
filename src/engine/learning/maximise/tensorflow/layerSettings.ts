import { recordOf, refused } from './refusals.ts';

const convolution = ['filters', 'kernel_size', 'strides', 'padding', 'activation', 'use_bias'];
const pooling = ['pool_size', 'strides', 'padding'];
const cell = ['units', 'activation', 'recurrent_activation', 'use_bias'];
const recurrent = [...cell, 'return_sequences', 'return_state', 'go_backwards'];

/** The layers that TensorFlow.js computes as Keras does, each with the settings that it heeds. */
const heeded: Readonly<Record<string, readonly string[]>> = {
  InputLayer: [],
  Dense: ['units', 'activation', 'use_bias'],
  Activation: ['activation'],
  Identity: [],
  ReLU: ['max_value'],
  LeakyReLU: ['alpha', 'negative_slope'],
  PReLU: ['shared_axes'],
  ELU: [],
  Softmax: ['axis'],
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  Conv2DTranspose: convolution,
  SeparableConv2D: [...convolution, 'depth_multiplier'],
  DepthwiseConv2D: [...convolution, 'depth_multiplier'],
  MaxPooling1D: pooling,
  AveragePooling1D: pooling,
  MaxPooling2D: pooling,
  AveragePooling2D: pooling,
  MaxPooling3D: pooling,
  AveragePooling3D: pooling,
  GlobalMaxPooling1D: [],
  GlobalAveragePooling1D: [],
  GlobalMaxPooling2D: [],
  GlobalAveragePooling2D: [],
  Cropping2D: ['cropping'],
  ZeroPadding2D: ['padding'],
  UpSampling2D: ['size'],
  Flatten: [],
  Reshape: ['target_shape'],
  Permute: ['dims'],
  RepeatVector: ['n'],
  Embedding: ['input_dim', 'output_dim', 'input_length'],
  Rescaling: ['scale', 'offset'],
  Add: [],
  Multiply: [],
  Average: [],
  Maximum: [],
  Minimum: [],
  Concatenate: ['axis'],
  Dot: ['axes', 'normalize'],
  BatchNormalization: ['axis', 'epsilon'],
  LayerNormalization: ['axis', 'epsilon'],
  Dropout: [],
  SpatialDropout1D: [],
  GaussianNoise: [],
  GaussianDropout: [],
  AlphaDropout: [],
  SimpleRNN: recurrent,
  LSTM: recurrent,
  GRU: recurrent,
  SimpleRNNCell: cell,
  LSTMCell: cell,
  GRUCell: cell,
  StackedRNNCells: ['cells'],
  RNN: ['cell', 'return_sequences', 'return_state', 'go_backwards'],
  Bidirectional: ['layer', 'backward_layer', 'merge_mode'],
  TimeDistributed: ['layer'],
};

/** Of training, of how a result is computed, or said otherwise: they change no output. Every search begins with empty states. */
const withoutEffect =
  /_(initializer|regularizer|constraint)$|^(name|trainable|dtype|batch_shape|batch_input_shape|input_shape|batch_size|build_config|rate|stddev|seed|seed_generator|noise_shape|momentum|renorm.*|synchronized|stateful|unroll|implementation|dropout|recurrent_dropout|unit_forget_bias|zero_output_for_mask|fused|virtual_batch_size|rank)$/;

/** What settings are where they ask for nothing that TensorFlow.js leaves out. */
const harmless: Readonly<Record<string, readonly unknown[]>> = {
  data_format: ['channels_last'],
  interpolation: ['nearest'],
  groups: [1],
  dilation_rate: [1],
  // Their gradients need both.
  scale: [true],
  center: [true],
  threshold: [0],
  negative_slope: [0],
  alpha: [1],
};

/** Of what is heeded: causal convolution is not there, and the gradient of a mean over a padded window is wrong. */
const isWrong = (className: string, setting: string, value: unknown): boolean =>
  setting === 'padding' &&
  (value === 'causal' || (value === 'same' && className.startsWith('AveragePooling')));

/** What stands in the place of a layer in an error. */
export const titled = (name: string, className: string): string => `layer "${name}" (${className})`;

/**
 * Throws `unsupported-format` for layers that TensorFlow.js does not have or computes otherwise than Keras, and for settings
 * that it would pass over in silence; both by name.
 */
export function checkSettings(
  className: string,
  name: string,
  settings: Readonly<Record<string, unknown>>,
  file: string,
): void {
  const title = titled(name, className);
  if (className === 'Masking' || className === 'ThresholdedReLU' || settings.mask_zero === true) {
    const what = className === 'Embedding' ? 'masks what follows' : 'compares numbers, which has no gradient';
    throw refused(file, `${title} ${what}`, 'Build the model without it.', name);
  }
  if (settings.reset_after === true) {
    throw refused(
      file,
      `${title} has reset_after = true (the default of Keras), which TensorFlow.js does not compute`,
      'Train it with reset_after=False, or use an LSTM.',
      name,
    );
  }
  const own = Object.hasOwn(heeded, className) ? heeded[className] : undefined;
  if (own === undefined) {
    throw refused(
      file,
      `${title} is not known to TensorFlow.js, or not as Keras computes it`,
      `Build the model of other layers: ${Object.keys(heeded).join(', ')}.`,
      name,
    );
  }
  for (const [setting, value] of Object.entries(settings)) {
    const plain = recordOf(value).value ?? value;
    const isHeeded = own.includes(setting)
      ? !isWrong(className, setting, plain)
      : withoutEffect.test(setting) || plain === null || isHarmless(setting, plain);
    if (isHeeded) continue;
    throw refused(
      file,
      `${title} has ${setting} = ${JSON.stringify(plain)}, which TensorFlow.js does not compute`,
      `Build it without ${setting}.`,
      name,
    );
  }
}

function isHarmless(setting: string, value: unknown): boolean {
  const values = Object.hasOwn(harmless, setting) ? (harmless[setting] ?? []) : [false];
  return [value].flat().every((each) => values.includes(each));
}
