import {
  networkModelSchema,
  type ActivationSetting,
  type ModelLayer,
  type NetworkModel,
} from '../../contract/maximise.ts';
import { CubelensError } from '../../base/errors.ts';
import { NetworkBuilder } from './buildNetwork.ts';
import type { Network } from './network.ts';

/**
 * The network of a model in our own JSON (`networkModelSchema`). `file` names it in errors.
 * Throws `invalid-request` (from a file: `malformed-file`) where names, sizes or weights do not fit, naming the layer.
 */
export function networkOfModel(model: NetworkModel, file?: string): Network {
  const builder = new NetworkBuilder(file);
  for (const { name, size } of model.inputs) builder.input(name, size);
  for (const layer of model.layers) addLayer(builder, layer);
  return builder.finish(model.output);
}

/** As `networkOfModel`, from parsed JSON of unknown content. */
export function networkOfJson(json: unknown, file: string): Network {
  const parsed = networkModelSchema.safeParse(json);
  if (parsed.success) return networkOfModel(parsed.data, file);
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  const field = path.map(String).join('.');
  const refused = refusedLayer(json, path);
  throw new CubelensError(
    'malformed-file',
    refused === null
      ? `${file}: ${field === '' ? 'the model' : field} does not fit: ${issue?.message ?? 'unknown content'}.`
      : `${file}: ${refused}.`,
    {
      file,
      field,
      remedy:
        'A model has inputs [{name, size}], layers (dense, concatenate, activation) and output, the name of a layer.',
    },
  );
}

/** A layer by its name, and what of it is not known; null where the fault is another. */
function refusedLayer(json: unknown, path: readonly PropertyKey[]): string | null {
  const [list, index, part] = path;
  if (list !== 'layers' || typeof index !== 'number') return null;
  const { layers } = json as { layers: unknown[] };
  const layer = (layers[index] ?? {}) as { name?: unknown; type?: unknown; activation?: unknown };
  const name = typeof layer.name === 'string' ? `layer "${layer.name}"` : `layer ${index}`;
  if (part === 'type') return `${name} is of the type ${JSON.stringify(layer.type)}, which is not evaluated`;
  if (part !== 'activation') return null;
  return `${name} has the activation ${JSON.stringify(layer.activation)}, which is not known`;
}

function addLayer(builder: NetworkBuilder, layer: ModelLayer): void {
  const { name } = layer;
  if (layer.type === 'concatenate') builder.concatenate(name, layer.from);
  else if (layer.type === 'activation') addActivation(builder, name, layer.from, layer.activation);
  else {
    const { from, units, kernel, bias, activation = 'linear' } = layer;
    const rows = builder.size(from, name);
    if (kernel.length !== rows || kernel.some((row) => row.length !== units)) {
      const widths = [...new Set(kernel.map((row) => row.length))].slice(0, 5).join(' or ');
      throw builder.fail(
        name,
        `its kernel has ${kernel.length} rows of ${widths || 0} numbers; ${rows} rows (components of "${from}") of ${units} (units) are needed.`,
        'Give one row an input component, one column a unit.',
      );
    }
    const isLinear = activation === 'linear';
    const dense = isLinear ? name : `${name}:dense`;
    const weights = Float64Array.from(kernel.flat());
    builder.dense(dense, from, units, weights, bias === undefined ? null : Float64Array.from(bias));
    if (!isLinear) addActivation(builder, name, dense, activation);
  }
}

function addActivation(
  builder: NetworkBuilder,
  name: string,
  from: string,
  setting: ActivationSetting,
): void {
  if (typeof setting === 'string') builder.activation(name, from, setting);
  else builder.activation(name, from, setting.name, setting);
}
