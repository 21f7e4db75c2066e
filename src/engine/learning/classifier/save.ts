import { inputPlaces } from './inputs.ts';
import type { ClassifierModel, DenseLayer } from './model.ts';
import { factsFile, modelFile, sha256, weightsFile, type SavedFacts } from './savedFacts.ts';

/**
 * A classifier as the files of one folder, by name: `model.json` with its weights, a layers model of TensorFlow.js with the
 * inputs `spectrum` and `auxiliary` (where it takes one) in the table's own units, and `cubelens.json` with what else is
 * known. The softmax of the last layer is the model's output, one number a class.
 */
export function saveClassifier(model: ClassifierModel): Record<string, Uint8Array<ArrayBuffer>> {
  const layers = folded(model);
  const names = layers.map((_, k) => (k === layers.length - 1 ? 'classes' : `hidden_${k + 1}`));
  const weights = layers.flatMap(({ kernel, bias }, k) => [
    { name: `${names[k]}/kernel`, shape: [kernel.length / bias.length, bias.length], dtype: 'float32' },
    { name: `${names[k]}/bias`, shape: [bias.length], dtype: 'float32' },
  ]);
  const json = {
    format: 'layers-model',
    generatedBy: 'Cubelens',
    convertedBy: null,
    modelTopology: {
      class_name: 'Model',
      config: topology(model, layers, names),
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [{ paths: [weightsFile], weights }],
  };
  const { classes, map, bands, columns, wavelengthsNm, auxiliary, mean, deviation } = model;
  const { range, meanSpectra, accuracy } = model;
  const content = bytesOf(layers);
  const facts: SavedFacts = {
    kind: 'classifier',
    version: 1,
    classes,
    ...(map === null ? {} : { map }),
    ...(bands === null ? {} : { bands }),
    weightsSha256: sha256(content),
    columns,
    wavelengthsNm,
    auxiliary,
    mean: [...mean],
    deviation: [...deviation],
    range,
    meanSpectra,
    accuracy,
  };
  return {
    [modelFile]: encoded(json),
    [weightsFile]: content,
    [factsFile]: encoded(facts),
  };
}

/** The layers with the standardisation in the first one, which then takes inputs in their own units. */
function folded({ layers, mean, deviation }: ClassifierModel): DenseLayer[] {
  const [first, ...others] = layers;
  if (first === undefined) return [];
  const units = first.bias.length;
  const kernel = first.kernel.map((weight, at) => weight / (deviation[Math.floor(at / units)] as number));
  // With the rounded kernel, so that its rounding counts for the distance from the mean only.
  const bias = first.bias.map((value, unit) =>
    mean.reduce((sum, each, input) => sum - each * (kernel[input * units + unit] as number), value),
  );
  return [{ kernel, bias }, ...others];
}

/** The network as Keras describes it. */
function topology(model: ClassifierModel, layers: readonly DenseLayer[], names: readonly string[]): object {
  const { spectrum, size } = inputPlaces(model.columns, model.auxiliary);
  const hasTwo = model.auxiliary !== null;
  const inputs = hasTwo ? ['spectrum', 'auxiliary'] : ['spectrum'];
  const sizeOf = (name: string): number => (name === 'spectrum' ? spectrum.length : size - spectrum.length);
  const call = (names: readonly string[]): unknown[] => [names.map((name) => [name, 0, 0, {}])];
  const layer = (className: string, name: string, config: object, from: readonly string[]): object => ({
    class_name: className,
    name,
    config: { name, trainable: true, ...config },
    inbound_nodes: from.length === 0 ? [] : call(from),
  });
  return {
    name: 'classifier',
    layers: [
      ...inputs.map((name) =>
        layer(
          'InputLayer',
          name,
          { batch_input_shape: [null, sizeOf(name)], dtype: 'float32', sparse: false },
          [],
        ),
      ),
      ...(hasTwo ? [layer('Concatenate', 'inputs', { axis: -1 }, inputs)] : []),
      ...layers.map(({ bias }, k) =>
        layer(
          'Dense',
          names[k] ?? '',
          {
            units: bias.length,
            activation: k === layers.length - 1 ? 'softmax' : 'relu',
            use_bias: true,
          },
          [k === 0 ? (hasTwo ? 'inputs' : 'spectrum') : (names[k - 1] ?? '')],
        ),
      ),
    ],
    input_layers: inputs.map((name) => [name, 0, 0]),
    output_layers: [['classes', 0, 0]],
  };
}

/** All weights one after the other, little-endian. */
function bytesOf(layers: readonly DenseLayer[]): Uint8Array<ArrayBuffer> {
  const parts = layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  const view = new DataView(new ArrayBuffer(4 * parts.reduce((sum, { length }) => sum + length, 0)));
  let at = 0;
  for (const part of parts) {
    for (const weight of part) {
      view.setFloat32(at, weight, true);
      at += 4;
    }
  }
  return new Uint8Array(view.buffer);
}

const encoded = (json: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(json));
