import { CubelensError } from '../../base/errors.ts';
import type { OpenVaeAnswer } from '../../contract/vaeImages.ts';
import { ByteCache } from '../../io/byteCache.ts';
import type { ReadableFile } from '../../io/grants.ts';
import type { RunTask, UsedFile } from '../../products/imageKind.ts';
import { openVaeTask } from './imageTasks.ts';

/** Bytes of models that are kept open; the one that was not asked for longest goes first. */
const mostBytes = 256 * 1024 * 1024;

/** An open model: what images of it are planned with. */
export interface OpenModel {
  facts: OpenVaeAnswer;
  packed: SharedArrayBuffer;
  /** Its JSON file, then that of its weights. */
  files: readonly UsedFile[];
}

/** The autoencoders that are open for images. */
export class OpenVaeModels {
  readonly #models = new ByteCache<OpenModel>(mostBytes);

  /** @param files the JSON file, then that of the weights. Throws `invalid-request` for another number, and as `openVaeTask`. */
  async open(files: readonly ReadableFile[], run: RunTask): Promise<OpenVaeAnswer> {
    const [json, binary, ...more] = files;
    if (json === undefined || binary === undefined || more.length > 0) {
      throw new CubelensError('invalid-request', `An autoencoder is of two files, not ${files.length}.`, {
        field: 'uses',
        remedy: 'Name vae.json and vae.bin of one model.',
      });
    }
    const { facts, packed, states } = await run(openVaeTask, { json: json.path, binary: binary.path });
    const used = [
      { ...json, state: states.json },
      { ...binary, state: states.binary },
    ];
    this.#models.set(facts.modelId, { facts, packed, files: used }, packed.byteLength);
    return facts;
  }

  /** Throws `invalid-request` where no such model is open. */
  get(modelId: string): OpenModel {
    const found = this.#models.get(modelId);
    if (found !== undefined) return found;
    throw new CubelensError('invalid-request', 'The autoencoder of this image is not open.', {
      field: 'modelId',
      remedy: 'Open its model again.',
    });
  }
}
