import type { OpenVaeAnswer, VaeImageParameters } from '../../contract/vaeImages.ts';
import { fileState } from '../../io/fileSource.ts';
import type { FileState } from '../../io/byteSource.ts';
import { defineImageTask } from '../../products/tasks.ts';
import { defineTask } from '../../workers/task.ts';
import { readVaeTask } from './readTask.ts';

/** A saved model in shared memory, with the states of its files. */
export interface OpenedVae {
  facts: OpenVaeAnswer;
  packed: SharedArrayBuffer;
  states: { json: FileState; binary: FileState };
}

/** Opens a saved model. Throws as `readVaeTask`. */
export const openVaeTask = defineTask(
  'vae.open',
  async (files: { json: string; binary: string }, context): Promise<OpenedVae> => {
    const { createHash } = await import('node:crypto');
    const { packVae } = await import('./packedModel.ts');
    const { modelToFiles } = await import('./modelFiles.ts');
    const states = { json: fileState(files.json), binary: fileState(files.binary) };
    const model = await readVaeTask.run(files, context);
    const { config, columns, names, wavelengthsNm, noiseVariance, training } = model;
    // The text holds the sum of the weights, so that its own stands for all of the model, however it was laid out.
    const modelId = createHash('sha256').update(modelToFiles(model).json).digest('hex');
    const facts = { modelId, latent: config.latent, columns, names, wavelengthsNm, noiseVariance, training };
    return { facts, packed: packVae(model), states };
  },
);

export const vaeImageTask = defineImageTask<VaeImageParameters>(
  'vae',
  async (cube, parameters, window, reading, packed = new SharedArrayBuffer(0)) =>
    (await import('./latentImage.ts')).latentImage(cube, parameters, window, reading, packed),
);
