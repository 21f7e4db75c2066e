import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { asCubelensError, CubelensError } from '../base/errors.ts';

/** Named float32 tensors: shape and values, last axis fastest. */
export type Weights = ReadonlyMap<string, { shape: number[]; values: Float32Array }>;

const manifestSchema = z.object({
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string().regex(/^[\w.-]+$/)),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.int().min(0)),
          dtype: z.enum(['float32', 'int32']),
        }),
      ),
    }),
  ),
});

/**
 * The weights of a TensorFlow.js model: `model.json` with its manifest and the files beside it that hold the tensors, one
 * after the other. Throws `not-found`, `malformed-file`.
 */
export async function readWeights(folder: string): Promise<Weights> {
  const { weightsManifest } = parsed(await readText(folder, 'model.json'));
  const weights = new Map<string, { shape: number[]; values: Float32Array }>();
  for (const group of weightsManifest) {
    const bytes = Buffer.concat(await Promise.all(group.paths.map((name) => readBytes(folder, name))));
    let offset = 0;
    for (const { name, shape, dtype } of group.weights) {
      const count = shape.reduce((size, axis) => size * axis, 1);
      if (offset + 4 * count > bytes.length) {
        throw new CubelensError('malformed-file', `${group.paths.at(-1) ?? ''} ends within ${name}.`, {
          file: group.paths.at(-1) ?? 'model.json',
          remedy: 'Install Cubelens again.',
        });
      }
      if (dtype === 'float32') {
        const values = new Float32Array(
          bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + 4 * count),
        );
        weights.set(name, { shape, values });
      }
      offset += 4 * count;
    }
  }
  return weights;
}

function parsed(text: string): z.infer<typeof manifestSchema> {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw new CubelensError('malformed-file', 'model.json is no model of TensorFlow.js.', {
      file: 'model.json',
      remedy: 'Install Cubelens again.',
    });
  }
}

/** A file of the model as text. Throws `not-found`. */
export const readText = async (folder: string, name: string): Promise<string> =>
  (await readBytes(folder, name)).toString('utf8');

async function readBytes(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (thrown) {
    throw asCubelensError(thrown, name);
  }
}
