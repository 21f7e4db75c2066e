import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CubelensError } from '../../base/errors.ts';
import { vaeConfigSchema, vaeFiles, vaeStops } from '../../contract/vae.ts';
import { vaeConfig, vaeNetwork } from './layers.ts';
import { countOf, places, type VaeModel, type VaeWeight } from './model.ts';

/** A model as two files. */
export interface VaeModelFiles {
  json: string;
  /** All arrays one after the other, float32, little-endian. */
  binary: Uint8Array<ArrayBuffer>;
}

const format = 'cubelens-vae';
const version = 1;
const mostColumns = 1_000_000;
const mostEpochs = 100_000;
/** Characters of the JSON file. */
const mostText = 64_000_000;

const finite = z.number();
const text = z.string().max(1000);
const numbers = z.array(finite).max(256);
const epochSchema = z.strictObject({
  epoch: z.int().min(1),
  elbo: finite,
  reconstruction: finite,
  klPerDimension: numbers,
  beta: finite,
  noiseVariance: finite,
  validation: finite.optional(),
});
const fileSchema = z.strictObject({
  format: z.literal(format),
  version: z.literal(version),
  config: vaeConfigSchema,
  columns: z.int().min(1).max(mostColumns),
  names: z.array(text).max(mostColumns),
  wavelengthsNm: z.array(finite).max(mostColumns).nullable(),
  /** Not in older files. */
  bands: z.int().min(1).nullable().default(null),
  noiseVariance: finite.gt(0),
  training: z.strictObject({
    rows: z.int().min(0),
    validationRows: z.int().min(0),
    epochs: z.array(epochSchema).max(mostEpochs),
    stop: z.enum(vaeStops),
    backends: z.array(text).max(1000).default([]),
    keptEpoch: z.int().min(0),
    eigenvalues: numbers,
    meanVariance: finite,
    notes: z.array(text).max(100),
  }),
  arrays: z.array(z.strictObject({ name: text, shape: z.array(z.int().min(1)).min(1).max(2) })).max(100),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The arrays of a file in their order: means, standard deviations, weights. */
const arraysOf = ({ standardisation, weights, columns }: VaeModel): VaeWeight[] => [
  { name: 'standardisation/mean', shape: [columns], values: standardisation.mean },
  { name: 'standardisation/deviation', shape: [columns], values: standardisation.deviation },
  ...weights,
];

/** All numbers one after the other, float32, little-endian. */
function binaryOf(arrays: readonly VaeWeight[]): Uint8Array<ArrayBuffer> {
  const binary = new Uint8Array(4 * arrays.reduce((sum, { values }) => sum + values.length, 0));
  const view = new DataView(binary.buffer);
  let at = 0;
  for (const { values } of arrays) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return binary;
}

/** A model as a JSON text (2 spaces) and one binary file, whose SHA-256 the text holds. */
export function modelToFiles(model: VaeModel): VaeModelFiles {
  const { standardisation: _scale, weights: _weights, ...facts } = model;
  const arrays = arraysOf(model);
  const binary = binaryOf(arrays);
  const header = arrays.map(({ name, shape }) => ({ name, shape }));
  const json = JSON.stringify({ format, version, ...facts, arrays: header, sha256: sha256(binary) }, null, 2);
  return { json, binary };
}

/**
 * A name for what a model computes and what it takes: a hash of that alone, in an order that is not to change, for recipes
 * hold it.
 */
export function modelIdOf(model: VaeModel): string {
  const { config, columns, names, wavelengthsNm, noiseVariance } = model;
  const { kind, latent, encoder, decoder, kernel } = config;
  const weights = sha256(binaryOf(arraysOf(model)));
  const facts = [
    kind,
    latent,
    encoder,
    decoder,
    kernel,
    columns,
    names,
    wavelengthsNm,
    noiseVariance,
    weights,
  ];
  return sha256(new TextEncoder().encode(JSON.stringify(facts)));
}

/**
 * The model of two files. Nothing in them is trusted: names, shapes and lengths must be those of the network that the
 * configuration describes, every number finite.
 * Throws `malformed-file` with what is wrong, `unsupported-format` for another kind or version of file, `out-of-range`
 * for a network that is too large.
 */
export function modelFromFiles(json: string, binary: Uint8Array): VaeModel {
  const { arrays, sha256: expected, format: _format, version: _version, config, ...facts } = parsed(json);
  const completed = vaeConfig(config);
  const { columns, names, wavelengthsNm } = facts;
  if (![0, columns].includes(names.length) || ![undefined, columns].includes(wavelengthsNm?.length)) {
    throw malformed('names and wavelengths do not fit the columns', 'columns');
  }
  const network = vaeNetwork(completed, columns);
  if (facts.training.epochs.some(({ klPerDimension }) => klPerDimension.length !== network.latent)) {
    throw malformed('an epoch has another number of latent dimensions', 'training');
  }
  const wanted = [
    { name: 'standardisation/mean', shape: [columns] },
    { name: 'standardisation/deviation', shape: [columns] },
    ...places(network).map(({ name, shape }) => ({ name, shape })),
  ];
  if (JSON.stringify(arrays.map(({ name, shape }) => ({ name, shape }))) !== JSON.stringify(wanted)) {
    throw malformed('the arrays are not those of its network', 'arrays');
  }
  const count = wanted.reduce((sum, { shape }) => sum + countOf(shape), 0);
  if (binary.byteLength !== 4 * count) {
    throw malformed(
      `it has ${binary.byteLength} bytes, ${vaeFiles.model} speaks of ${4 * count}`,
      'weights',
      vaeFiles.weights,
    );
  }
  if (sha256(binary) !== expected) {
    throw malformed(`its sum is not the one in ${vaeFiles.model}`, 'sha256', vaeFiles.weights);
  }
  const [mean, deviation, ...weights] = take(binary, wanted);
  if (deviation?.values.every((value) => value >= 0) !== true) {
    throw malformed('a standard deviation is negative', 'standardisation/deviation', vaeFiles.weights);
  }
  const standardisation = { mean: (mean as VaeWeight).values, deviation: deviation.values };
  return { ...facts, config: completed, standardisation, weights };
}

function parsed(json: string): z.infer<typeof fileSchema> {
  if (json.length > mostText) throw malformed('the JSON file is too large', 'json');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw malformed('it is not JSON', 'json');
  }
  const found = value as { format?: unknown; version?: unknown } | null;
  if (found?.format !== format) {
    throw new CubelensError(
      'unsupported-format',
      `${vaeFiles.model} is no variational autoencoder of Cubelens.`,
      {
        file: vaeFiles.model,
        field: 'format',
        remedy: 'Give the folder of a model that vae train wrote.',
      },
    );
  }
  if (found.version !== version) {
    throw new CubelensError(
      'unsupported-format',
      `${vaeFiles.model}: version ${String(found.version)} is not known.`,
      {
        file: vaeFiles.model,
        field: 'version',
        remedy: 'Open it with the version of Cubelens that wrote it.',
      },
    );
  }
  const checked = fileSchema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw malformed(`${issue?.path.join('.')}: ${issue?.message}`, issue?.path.join('.') ?? 'json');
}

function take(binary: Uint8Array, wanted: readonly { name: string; shape: number[] }[]): VaeWeight[] {
  const view = new DataView(binary.buffer, binary.byteOffset, binary.byteLength);
  let at = 0;
  return wanted.map(({ name, shape }) => {
    const values = new Float32Array(countOf(shape));
    for (let k = 0; k < values.length; k++, at += 4) {
      const value = view.getFloat32(at, true);
      if (!Number.isFinite(value)) {
        throw malformed(`${name} has a number that is not finite`, name, vaeFiles.weights);
      }
      values[k] = value;
    }
    return { name, shape, values };
  });
}

const malformed = (what: string, field: string, file: string = vaeFiles.model): CubelensError =>
  new CubelensError('malformed-file', `${file}: ${what}.`, {
    file,
    field,
    remedy: 'Copy both files of the model again from where it was trained, or train anew.',
  });
