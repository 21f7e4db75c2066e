import { halfOf } from '../../base/half.ts';
import { z } from 'zod';
import { BeyondDense } from './beyondDense.ts';
import { malformedModel } from './malformedModel.ts';
import { isRecord, networkOfKeras, type DenseWeights } from './kerasGraph.ts';
import type { Network } from './network.ts';

const manifestSchema = z.array(
  z.object({
    paths: z.array(z.string().min(1)).max(10_000),
    weights: z.array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(0)),
        dtype: z.string(),
        quantization: z
          .object({ dtype: z.string(), scale: z.number().optional(), min: z.number().optional() })
          .optional(),
      }),
    ),
  }),
);
type Manifest = z.infer<typeof manifestSchema>;

/** Whether parsed JSON is TensorFlow.js' `model.json` (of any kind). */
export const isTensorflowJs = (json: unknown): boolean =>
  isRecord(json) && ('modelTopology' in json || 'weightsManifest' in json);

/** Whether the `model.json` holds a graph of operations instead of layers. */
export const isGraphModel = (json: unknown): boolean =>
  isRecord(json) &&
  (json.format === 'graph-model' || (isRecord(json.modelTopology) && 'node' in json.modelTopology));

/**
 * Names of the weight files beside a `model.json`, in order. Throws `malformed-file` for a manifest that does not
 * fit, and for names that are not those of .bin files in its own folder.
 */
export function shardNames(json: unknown, file: string): string[] {
  const names = manifestOf(json, file).flatMap(({ paths }) => paths);
  const outside = names.find((name) => /[\\/:]/.test(name) || !name.endsWith('.bin'));
  if (outside !== undefined) throw malformedModel(file, `weights "${outside}" are no .bin file beside it`);
  return names;
}

/**
 * The network of a TensorFlow.js layers model.
 * @param shards - contents of the files that `shardNames` gives, by name.
 * Throws `malformed-file` for what does not fit, `unsupported-format` for graph models and layers that are not evaluated.
 */
export function networkOfTensorflowJs(
  json: unknown,
  shards: ReadonlyMap<string, Uint8Array>,
  file: string,
): Network {
  const topology = isRecord(json) ? json.modelTopology : undefined;
  if (!isRecord(topology) || isGraphModel(json)) {
    throw new BeyondDense(file, 'it is a graph model');
  }
  const tensors = new Map<string, Float64Array>();
  for (const weight of storedWeights(json, shards, file)) tensors.set(weight.name, numbers(weight));
  const find = (layer: string, weight: string): Float64Array | null => ofLayer(tensors, layer, weight);
  const weightsOf = (layer: string): DenseWeights => {
    const kernel = find(layer, 'kernel');
    if (kernel === null) throw malformedModel(file, `the weights hold no kernel of layer "${layer}"`);
    return { kernel, bias: find(layer, 'bias') };
  };
  return networkOfKeras('model_config' in topology ? topology.model_config : topology, weightsOf, file);
}

function manifestOf(json: unknown, file: string): Manifest {
  const parsed = manifestSchema.safeParse(isRecord(json) ? json.weightsManifest : undefined);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformedModel(
    file,
    `${['weightsManifest', ...(issue?.path ?? [])].map(String).join('.')} does not fit: ${issue?.message ?? ''}`,
    undefined,
    'weightsManifest',
  );
}

/** What a file holds under a weight of a layer: by its full name, else as the end of one. */
export function ofLayer<Value>(
  tensors: ReadonlyMap<string, Value>,
  layer: string,
  weight: string,
): Value | null {
  const exact = tensors.get(`${layer}/${weight}`);
  if (exact !== undefined) return exact;
  const ending = `/${layer}/${weight}`;
  for (const [name, values] of tensors) if (name.endsWith(ending)) return values;
  return null;
}

/** A weight as the files hold it. */
export interface StoredWeight {
  name: string;
  shape: number[];
  /** As it is computed with, and as it is stored. */
  dtype: string;
  stored: string;
  view: DataView;
  count: number;
  scale: number;
  min: number;
}

const bytesOf: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  float16: 2,
  uint8: 1,
  uint16: 2,
};

/**
 * The weights of a `model.json`, one after the other. Throws `malformed-file` where the manifest, its types or the lengths of
 * the files do not go together.
 */
export function storedWeights(
  json: unknown,
  shards: ReadonlyMap<string, Uint8Array>,
  file: string,
): StoredWeight[] {
  const all: StoredWeight[] = [];
  for (const { paths, weights } of manifestOf(json, file)) {
    const bytes = joined(
      paths.map((path) => {
        const shard = shards.get(path);
        if (shard === undefined) throw malformedModel(file, `the weights "${path}" are missing`);
        return shard;
      }),
    );
    let offset = 0;
    for (const { name, shape, dtype, quantization } of weights) {
      const stored = quantization?.dtype ?? dtype;
      const size = bytesOf[stored];
      if (size === undefined)
        throw malformedModel(file, `weights "${name}" are of type ${stored}`, undefined, name);
      const isPacked = stored === 'uint8' || stored === 'uint16';
      if (
        isPacked &&
        quantization !== undefined &&
        (quantization.scale === undefined || quantization.min === undefined)
      )
        throw malformedModel(file, `weights "${name}" have no scale and least value`, undefined, name);
      const count = shape.reduce((product, side) => product * side, 1);
      if (offset + count * size > bytes.byteLength) {
        throw malformedModel(
          file,
          `weights "${name}" end at byte ${offset + count * size}, but ${paths.join(', ')} have ${bytes.byteLength} bytes`,
        );
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * size);
      const { scale = 1, min = 0 } = quantization ?? {};
      all.push({ name, shape, dtype, stored, view, count, scale, min });
      offset += count * size;
    }
    if (offset !== bytes.byteLength) {
      throw malformedModel(
        file,
        `${paths.join(', ')} have ${bytes.byteLength} bytes where the weights take ${offset}`,
      );
    }
  }
  return all;
}

/** The numbers of a stored weight. */
export function numbers({ view, stored, count, scale, min }: StoredWeight): Float64Array {
  const read = (i: number): number => {
    if (stored === 'float32') return view.getFloat32(4 * i, true);
    if (stored === 'int32') return view.getInt32(4 * i, true);
    if (stored === 'float16') return halfOf(view.getUint16(2 * i, true));
    return (stored === 'uint16' ? view.getUint16(2 * i, true) : view.getUint8(i)) * scale + min;
  };
  return Float64Array.from({ length: count }, (_, i) => read(i));
}

/** All bytes one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.byteLength;
  }
  return all;
}
