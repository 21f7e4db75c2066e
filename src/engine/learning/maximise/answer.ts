import type { MaximiseAnswer, MaximiseRequest } from '../../contract/maximise.ts';
import { CubelensError } from '../../base/errors.ts';
import type { CancelOptions } from '../../base/signal.ts';
import { examples } from './examples.ts';
import type { SavedFacts } from '../classifier/savedFacts.ts';
import { maximiseInHull, mixtureOf } from './hull.ts';
import { networkOfModel } from './jsonModel.ts';
import { denseModel } from './denseModel.ts';
import type { FrozenModel } from './frozenModel.ts';
import type { ModelFiles } from './modelFile.ts';
import { maximise, type SearchOptions } from './maximise.ts';
import { outputOf, sceneFacts, sceneSettings } from './scene.ts';

/** Opens the model of a file. */
export type OpenModel = (files: ModelFiles, options: CancelOptions) => Promise<FrozenModel>;

/**
 * Answers a whole request: the model from where the request says, an example's own fixed values and range where the
 * request gives none, the scene's range for a classifier that Cubelens saved.
 * @param files - the granted model; null unless the source is a file.
 * @param open - what opens it.
 * Errors are those of `open` and `maximise`.
 */
export async function answerMaximise(
  request: MaximiseRequest,
  files: ModelFiles | null,
  open: OpenModel,
  options: SearchOptions = {},
): Promise<{ model: FrozenModel; answer: MaximiseAnswer; facts: SavedFacts | null }> {
  const { source, output, hull = false, nearest: _nearest, ...others } = request;
  if (source.kind === 'example') {
    const { model: layers, fix, range } = examples[source.name];
    const model = denseModel(networkOfModel(layers));
    checkScene(request);
    const settings = { fix, range, ...given({ ...others, output: outputOf(output, null) }) };
    return { model, answer: maximise(model, settings, options), facts: null };
  }
  const model =
    source.kind === 'model' ? denseModel(networkOfModel(source.model)) : await fromFile(files, open, options);
  const facts = files === null ? null : await sceneFacts(files, model, options);
  const settings = { ...others, output: outputOf(output, facts) };
  if (facts === null) {
    checkScene(request);
    return { model, answer: maximise(model, settings, options), facts };
  }
  const ofScene = sceneSettings(settings, model, facts);
  if (hull && others.range !== undefined) {
    throw new CubelensError('invalid-request', 'A range does not go with the hull of the class means.', {
      field: 'range',
      remedy: 'Leave out the range, or the hull.',
    });
  }
  if (hull) options.check?.('shares', facts.classes.length);
  const answer = hull
    ? maximiseInHull(model, { ...ofScene, starts: others.starts }, facts, options)
    : maximise(model, ofScene, options);
  const { classes, accuracy, wavelengthsNm, meanSpectra } = facts;
  const { free, best, fixed } = answer;
  const spectrum = hull
    ? [...mixtureOf(best.point, meanSpectra)]
    : free === 'spectrum'
      ? best.point
      : fixed['spectrum'];
  const scene = {
    className: classes[answer.output] ?? '',
    accuracy,
    classes,
    spectrum: spectrum ?? [],
    wavelengthsNm,
    nearest: null,
  };
  return { model, answer: { ...answer, scene }, facts };
}

/** Throws `invalid-request` where something is asked for that only a classifier which Cubelens saved can tell. */
function checkScene({ hull, nearest }: MaximiseRequest): void {
  if (hull !== true && nearest === undefined) return;
  throw new CubelensError('invalid-request', 'This model says nothing of a scene.', {
    field: hull === true ? 'hull' : 'nearest',
    remedy: 'Give model.json of a classifier that Cubelens saved, with cubelens.json beside it.',
  });
}

function fromFile(files: ModelFiles | null, open: OpenModel, options: CancelOptions): Promise<FrozenModel> {
  if (files === null) throw new CubelensError('internal', 'The model file is not open.');
  return open(files, options);
}

/** Without what is undefined, which would hide an example's own. */
const given = <T extends object>(settings: T): Partial<T> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<T>;
