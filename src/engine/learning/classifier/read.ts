import { CubelensError } from '../../base/errors.ts';
import { malformedModel, parsedJson } from '../maximise/malformedModel.ts';
import type { Network, NetworkNode } from '../maximise/network.ts';
import { networkOfTensorflowJs, shardNames } from '../maximise/tensorflowJsModel.ts';
import { inputPlaces, type InputPlaces } from './inputs.ts';
import type { ClassifierModel, DenseLayer } from './model.ts';
import {
  checkSize,
  checkWeights,
  factsFile,
  modelFile,
  weightsFile,
  savedFactsSchema,
  type SavedFacts,
} from './savedFacts.ts';

/**
 * A classifier from the files that `saveClassifier` gave, by name (others are passed over). Throws `not-found` where one is
 * missing, `malformed-file` for damage and for files that do not belong together, `unsupported-format` for another network
 * than a classifier's, `resource-exhausted` for files that are too large.
 */
export function readClassifier(files: Readonly<Record<string, Uint8Array>>): ClassifierModel {
  const facts = factsOf(files);
  const json = parsedJson(text(fileOf(files, modelFile)), modelFile);
  const shards = new Map(shardNames(json, modelFile).map((name) => [name, fileOf(files, name)]));
  const network = networkOfTensorflowJs(json, shards, modelFile);
  checkWeights(facts, fileOf(files, weightsFile));
  const { columns, auxiliary, classes } = facts;
  const places = placesOf(facts);
  const layers = layersOf(network, places);
  if (layers.at(-1)?.bias.length !== classes.length) {
    throw malformedModel(
      factsFile,
      `it names ${classes.length} classes, but the network has ${layers.at(-1)?.bias.length ?? 0}`,
    );
  }
  const mean = Float64Array.from(facts.mean);
  const deviation = Float64Array.from(facts.deviation);
  return {
    classes,
    map: facts.map ?? null,
    bands: facts.bands ?? null,
    columns,
    wavelengthsNm: facts.wavelengthsNm,
    auxiliary,
    mean,
    deviation,
    layers: unfolded(layers, mean, deviation),
    range: facts.range,
    meanSpectra: facts.meanSpectra,
    accuracy: facts.accuracy,
  };
}

function fileOf(files: Readonly<Record<string, Uint8Array>>, name: string): Uint8Array {
  const bytes = Object.hasOwn(files, name) ? files[name] : undefined;
  if (bytes === undefined) {
    throw new CubelensError('not-found', `The classifier's file ${name} is missing.`, {
      file: name,
      remedy: 'Keep all files of a saved classifier in one folder.',
    });
  }
  checkSize(name, bytes.length);
  return bytes;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function factsOf(files: Readonly<Record<string, Uint8Array>>): SavedFacts {
  const parsed = savedFactsSchema.safeParse(parsedJson(text(fileOf(files, factsFile)), factsFile));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformedModel(
    factsFile,
    `${issue?.path.map(String).join('.') || 'its content'} does not fit: ${issue?.message ?? 'unknown content'}`,
  );
}

/** Places of the inputs; all lists must be as long as these say. */
function placesOf(facts: SavedFacts): InputPlaces {
  const { columns, auxiliary, classes, map, mean, deviation, range, meanSpectra, wavelengthsNm } = facts;
  let places: InputPlaces;
  try {
    places = inputPlaces(columns, auxiliary);
  } catch (thrown) {
    throw malformedModel(factsFile, 'its auxiliary input does not go with its columns', thrown);
  }
  const spectrum = places.spectrum.length;
  const lengths: [name: string, length: number, wanted: number][] = [
    ['mean', mean.length, places.size],
    ['deviation', deviation.length, places.size],
    ['range.spectrum', range.spectrum.length, spectrum],
    ['range.auxiliary', range.auxiliary.length, places.size - spectrum],
    ['wavelengthsNm', wavelengthsNm?.length ?? spectrum, spectrum],
    ['meanSpectra', meanSpectra.length, classes.length],
    ...meanSpectra.map(({ length }, k): [string, number, number] => [`meanSpectra.${k}`, length, spectrum]),
  ];
  for (const [name, length, wanted] of lengths) {
    if (length !== wanted) throw malformedModel(factsFile, `${name} has ${entries(length)}, not ${wanted}`);
  }
  if (new Set(classes).size !== classes.length) throw malformedModel(factsFile, 'it names a class twice');
  if (new Set(columns).size !== columns.length) throw malformedModel(factsFile, 'it names a column twice');
  if (map !== undefined && !isMapOf(map, classes)) {
    throw malformedModel(factsFile, 'its class map does not go with its classes');
  }
  return places;
}

const entries = (count: number): string => `${count} ${count === 1 ? 'entry' : 'entries'}`;

/** Whether each class has a code of its own, and a record. */
const isMapOf = ({ codes, records }: NonNullable<SavedFacts['map']>, classes: readonly string[]): boolean =>
  codes.length === classes.length &&
  new Set(codes).size === codes.length &&
  codes.every((code, k) => records[code]?.name === classes[k]);

/** The dense layers of a network that is a classifier's: ReLU between them, softmax at the end. */
function layersOf(network: Network, places: InputPlaces): DenseLayer[] {
  const { inputs, nodes, output } = network;
  const sizes = [places.spectrum.length, places.size - places.spectrum.length];
  const wanted = (places.auxiliary === null ? ['spectrum'] : ['spectrum', 'auxiliary']).map(
    (name, k) => `${name} (${sizes[k]})`,
  );
  const found = inputs.map(({ name, size }) => `${name} (${size})`);
  if (found.join() !== wanted.join()) {
    throw malformedModel(modelFile, `its inputs are ${found.join(', ')}, not ${wanted.join(', ')}`);
  }
  const layers: DenseLayer[] = [];
  let node: NetworkNode | undefined = nodes[output];
  let isLast = true;
  for (;;) {
    const isExpected = isLast
      ? node?.kind === 'softmax'
      : node?.kind === 'elementwise' && node.activation.name === 'relu';
    if (!isExpected || node === undefined || !('from' in node) || typeof node.from !== 'number')
      throw foreign();
    const dense: NetworkNode | undefined = nodes[node.from];
    if (dense?.kind !== 'dense') throw foreign();
    layers.unshift({ kernel: Float32Array.from(dense.kernel), bias: Float32Array.from(dense.bias) });
    isLast = false;
    node = nodes[dense.from];
    if (node?.kind === 'input' && places.auxiliary === null) return layers;
    if (node?.kind === 'concatenate' && places.auxiliary !== null && node.from.join() === '0,1')
      return layers;
  }
}

const foreign = (): CubelensError =>
  new CubelensError('unsupported-format', `${modelFile} is no network of a classifier of spectra.`, {
    file: modelFile,
    remedy: 'Open a classifier that Cubelens has saved: dense layers with ReLU, and softmax at the end.',
  });

/** The first layer for standardised inputs again. */
function unfolded(
  [first, ...others]: readonly DenseLayer[],
  mean: Float64Array,
  deviation: Float64Array,
): DenseLayer[] {
  if (first === undefined) return [];
  const units = first.bias.length;
  const kernel = first.kernel.map((weight, at) => weight * (deviation[Math.floor(at / units)] as number));
  const bias = first.bias.map((value, unit) =>
    mean.reduce((sum, each, input) => sum + each * (first.kernel[input * units + unit] as number), value),
  );
  if (kernel.every(Number.isFinite) && bias.every(Number.isFinite)) return [{ kernel, bias }, ...others];
  throw malformedModel(modelFile, 'its weights do not go with the means and deviations beside it');
}
