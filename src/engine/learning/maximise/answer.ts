import type { MaximiseAnswer, MaximiseRequest } from '../../contract/maximise.ts';
import { CubelensError } from '../../base/errors.ts';
import type { CancelOptions } from '../../base/signal.ts';
import { examples } from './examples.ts';
import { networkOfModel } from './jsonModel.ts';
import { loadNetwork, type ModelFiles } from './loadNetwork.ts';
import { maximise } from './maximise.ts';
import type { Network } from './network.ts';

/**
 * Answers a whole request: the network from where the request says, an example's own fixed values and range where the
 * request gives none.
 * @param files - the granted model; null unless the source is a file.
 * Errors are those of `loadNetwork` and `maximise`.
 */
export async function answerMaximise(
  request: MaximiseRequest,
  files: ModelFiles | null,
  options: CancelOptions & { progress?: ((done: number) => void) | undefined } = {},
): Promise<{ network: Network; answer: MaximiseAnswer }> {
  const { source, ...settings } = request;
  if (source.kind === 'example') {
    const { model, fix, range } = examples[source.name];
    const network = networkOfModel(model);
    return { network, answer: maximise(network, { fix, range, ...given(settings) }, options) };
  }
  const network = source.kind === 'model' ? networkOfModel(source.model) : await fromFile(files, options);
  return { network, answer: maximise(network, settings, options) };
}

function fromFile(files: ModelFiles | null, options: CancelOptions): Promise<Network> {
  if (files === null) throw new CubelensError('internal', 'The model file is not open.');
  return loadNetwork(files, options);
}

/** Without what is undefined, which would hide an example's own. */
const given = <T extends object>(settings: T): Partial<T> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<T>;
