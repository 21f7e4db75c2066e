import { malformedModel } from '../malformedModel.ts';
import type { PlainLayer } from './layersConfig.ts';

/** That every tensor that is asked for is made: TensorFlow.js would wait for it for ever. */
export function checkLinks(
  layers: readonly PlainLayer[],
  ends: { input_layers: unknown[]; output_layers: unknown[] },
  file: string,
): void {
  // What each call of each layer waits for.
  const waiting = new Map<string, string[]>();
  const keyOf = (key: unknown): string => {
    const [layer, call] = key as unknown[];
    return `${String(layer)}, call ${Number(call)}`;
  };
  const names = new Set<string>();
  for (const { name, class_name: className, inbound_nodes: nodes = [] } of layers) {
    if (names.has(name)) throw malformedModel(file, `two layers are called "${name}"`, undefined, name);
    names.add(name);
    if (className === 'InputLayer') waiting.set(keyOf([name, 0]), []);
    else nodes.forEach((node, call) => waiting.set(keyOf([name, call]), (node as unknown[]).map(keyOf)));
  }
  const asked = [...ends.input_layers, ...ends.output_layers].map(keyOf);
  for (const [asker, keys] of [['the model', asked] as const, ...waiting]) {
    const missing = keys.find((key) => !waiting.has(key));
    if (missing !== undefined)
      throw malformedModel(file, `${asker}: asks for layer ${missing}, which the model does not have`);
  }
  for (let before = -1; waiting.size > 0 && waiting.size !== before;) {
    before = waiting.size;
    for (const [key, from] of waiting) if (from.every((other) => !waiting.has(other))) waiting.delete(key);
  }
  const [first] = waiting.keys();
  if (first !== undefined) throw malformedModel(file, `layer ${first}: takes its own output`);
}
