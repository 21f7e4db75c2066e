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
  const field = issue?.path.map(String).join('.') ?? '';
  throw new CubelensError(
    'malformed-file',
    `${file}: ${field === '' ? 'the model' : field} does not fit: ${issue?.message ?? 'unknown content'}.`,
    {
      file,
      field,
      remedy:
        'A model has inputs [{name, size}], layers (dense, concatenate, activation) and output, the name of a layer.',
    },
  );
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
