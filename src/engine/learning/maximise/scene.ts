import type { MaximiseRequest } from '../../contract/maximise.ts';
import { CubelensError } from '../../base/errors.ts';
import type { CancelOptions } from '../../base/signal.ts';
import {
  checkWeights,
  factsFile,
  modelFile,
  savedFactsSchema,
  weightsFile,
  type SavedFacts,
} from '../classifier/savedFacts.ts';
import { malformedModel, parsedJson } from './malformedModel.ts';
import type { ModelFiles } from './modelFile.ts';
import type { FrozenModel } from './frozenModel.ts';
import type { MaximiseSettings } from './settings.ts';

/** Largest file of facts that is read. */
const mostBytes = 2 ** 28;

/**
 * What a classifier that Cubelens saved says of its classes and its scene, beside its network; null for other models.
 * Throws `malformed-file` for damage, and for facts that do not go with the network.
 */
export async function sceneFacts(
  { main, beside }: ModelFiles,
  { inputs, outputs }: FrozenModel,
  options: CancelOptions,
): Promise<SavedFacts | null> {
  if (main.name !== modelFile) return null;
  const source = await beside(factsFile);
  if (source === null) return null;
  if (source.size > mostBytes) throw malformedModel(factsFile, `it has ${source.size} bytes`);
  const json = parsedJson(new TextDecoder().decode(await source.read(0, source.size, options)), factsFile);
  // Another program, or another kind of model, may keep a file of that name.
  if ((json as { kind?: unknown } | null)?.kind !== 'classifier') return null;
  const parsed = savedFactsSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw malformedModel(factsFile, `${issue?.path.map(String).join('.') ?? ''} does not fit`);
  }
  const facts = parsed.data;
  const { classes, range, meanSpectra } = facts;
  const spectrum = range.spectrum.length;
  const fits =
    classes.length === outputs &&
    meanSpectra.length === classes.length &&
    meanSpectra.every(({ length }) => length === spectrum) &&
    inputs.every(({ name, size }) => size === ownRange(facts, name)?.length);
  if (!fits) throw malformedModel(factsFile, `it does not go with the network of ${modelFile}`);
  const weights = await beside(weightsFile);
  if (weights !== null) checkWeights(facts, await weights.read(0, weights.size, options));
  return facts;
}

function ownRange({ range }: SavedFacts, name: string): [number, number][] | null {
  if (name === 'spectrum') return range.spectrum;
  return name === 'auxiliary' ? range.auxiliary : null;
}

/** Which output is meant: a number, or the name of a class. Throws `invalid-request` where there is no such class. */
export function outputOf(asked: MaximiseRequest['output'], facts: SavedFacts | null): number | undefined {
  if (typeof asked !== 'string') return asked;
  const place = facts?.classes.indexOf(asked) ?? -1;
  if (place >= 0) return place;
  const known = facts?.classes.slice(0, 20).join(', ');
  throw new CubelensError(
    'invalid-request',
    facts === null ? 'The outputs of this model have no names.' : `The classifier has no class "${asked}".`,
    {
      field: 'output',
      remedy: known === undefined ? 'Give the number of an output, from 0.' : `Its classes are ${known}.`,
    },
  );
}

/**
 * Settings with what the scene says where the request leaves it open: the auxiliary input in the middle of its range (where the
 * spectrum is free), and the free input within the scene's range.
 */
export function sceneSettings(
  settings: MaximiseSettings,
  { inputs }: FrozenModel,
  facts: SavedFacts,
): MaximiseSettings {
  const fix = { ...settings.fix };
  if (!Object.hasOwn(fix, 'spectrum') && !Object.hasOwn(fix, 'auxiliary') && inputs.length > 1) {
    fix['auxiliary'] = facts.range.auxiliary.map(([low, high]) => low + (high - low) / 2);
  }
  const free = inputs.find(({ name }) => !Object.hasOwn(fix, name))?.name ?? '';
  const own = ownRange(facts, free);
  if (settings.range !== undefined || own === null) return { ...settings, fix };
  return { ...settings, fix, range: { [free]: own.map(widened) } };
}

/** A column that is constant in the scene has no range: nearly none instead. */
function widened([low, high]: [number, number]): [number, number] {
  if (low < high) return [low, high];
  const margin = Math.max(Math.abs(low) * 1e-9, 1e-9);
  return [low - margin, high + margin];
}
