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
    const { packVae } = await import('./packedModel.ts');
    const { modelIdOf } = await import('./modelFiles.ts');
    const states = { json: fileState(files.json), binary: fileState(files.binary) };
    const model = await readVaeTask.run(files, context);
    const { config, columns, names, bands, wavelengthsNm, noiseVariance, training } = model;
    const facts = {
      modelId: modelIdOf(model),
      latent: config.latent,
      columns,
      names,
      bands,
      wavelengthsNm,
      noiseVariance,
      training,
    };
    return { facts, packed: packVae(model), states };
  },
);

export const vaeImageTask = defineImageTask<VaeImageParameters>(
  'vae',
  async (cube, parameters, window, reading, packed = new SharedArrayBuffer(0)) =>
    (await import('./latentImage.ts')).latentImage(cube, parameters, window, reading, packed),
);
