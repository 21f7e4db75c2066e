import type { LayersModel, TensorFlow } from '../../../tensorflow/loadTensorFlow.ts';
import { malformedModel } from '../malformedModel.ts';
import type { LayerWeight } from '../kerasFiles.ts';
import { refused } from './refusals.ts';

/** The weights of a model as its file holds them. */
export interface StoredLayers {
  all: readonly LayerWeight[];
  /** Those of a layer, in the file's order. */
  of: (layer: string) => readonly LayerWeight[];
}

/**
 * Gives the layers of a model their weights; each stored weight is used once. Throws `malformed-file` where they do not
 * fit and for those of no layer, `unsupported-format` where names do not tell which is which.
 */
export function setWeights(tf: TensorFlow, model: LayersModel, stored: StoredLayers, file: string): void {
  const used = new Set<LayerWeight>();
  for (const layer of model.layers) {
    const { name, weights } = layer;
    const found = stored.of(name);
    for (const each of found) used.add(each);
    if (weights.length === 0 && found.length === 0) continue;
    const wanted = weights.map(({ originalName }) => originalName);
    if (found.length === 0)
      throw malformedModel(file, `the file holds no weights of layer "${name}"`, undefined, name);
    if (found.length !== wanted.length) {
      throw malformedModel(
        file,
        `layer "${name}" takes ${wanted.length} weights (${wanted.map(lastPart).join(', ')}), but the file holds ${found.length}`,
        undefined,
        name,
      );
    }
    const ordered = inOrder(wanted, found, name, file);
    ordered.forEach(({ shape }, k) => {
      const own = weights[k]?.shape ?? [];
      if (shape.length === own.length && shape.every((side, axis) => side === own[axis])) return;
      throw malformedModel(
        file,
        `${lastPart(wanted[k] ?? '')} of layer "${name}" has the shape ${shape.join(' x ')}, not ${own.join(' x ')}`,
        undefined,
        name,
      );
    });
    tf.tidy(() => {
      layer.setWeights(ordered.map(({ values, shape }) => tf.tensor(Float32Array.from(values), shape)));
    });
  }
  const stray = stored.all.find((weight) => !used.has(weight));
  if (stray !== undefined) {
    throw malformedModel(file, `the weights hold "${stray.path}", which is of no layer of the model`);
  }
}

/** By their names where the file has them: the most parts in common, each weight once. */
function inOrder(
  wanted: readonly string[],
  found: readonly LayerWeight[],
  layer: string,
  file: string,
): readonly LayerWeight[] {
  if (found.every(({ name }) => name === null)) return found;
  const left = new Set(found);
  // Keras calls the kernel of DepthwiseConv2D simply so.
  return wanted.map((name) => {
    const ranked = [...left]
      .filter((weight) => [weight.name, `depthwise_${weight.name}`].includes(lastPart(name)))
      .map((weight) => ({ weight, score: inCommon(parts(name), parts(weight.path)) }))
      .sort((a, b) => b.score - a.score);
    const [first, second] = ranked;
    if (first === undefined)
      throw malformedModel(file, `the file holds no ${lastPart(name)} of layer "${layer}"`, undefined, layer);
    if (first.score === second?.score) {
      throw refused(
        file,
        `the names of the weights of layer "${layer}" do not tell which is which ("${first.weight.path}", "${second.weight.path}")`,
        'Save the model as .keras.',
        layer,
      );
    }
    left.delete(first.weight);
    return first.weight;
  });
}

const lastPart = (path: string): string => path.split('/').at(-1) ?? path;

/** Both directions of a layer carry the name of one of them, after which direction it is. */
const parts = (path: string): string[] =>
  path.split('/').map((part) => /^(forward|backward)_/.exec(part)?.[0] ?? part);

/** How many parts of one path the other has too, in the same order, from the end. */
function inCommon(a: readonly string[], b: readonly string[]): number {
  let at = b.length - 1;
  let count = 0;
  for (const part of a.toReversed()) {
    const found = b.lastIndexOf(part, at);
    if (at < 0 || found < 0) continue;
    count++;
    at = found - 1;
  }
  return count;
}
