import { CubelensError } from '../../base/errors.ts';
import { vaeImageSchema, type VaeImageParameters } from '../../contract/vaeImages.ts';
import { plainBand } from '../../cube/cube.ts';
import type { ImageKind } from '../../products/imageKind.ts';
import { bandsOfVae } from './bandsOfVae.ts';
import { vaeImageTask } from './imageTasks.ts';
import type { OpenVaeModels } from './openModels.ts';
import { checkDimensions } from './traversed.ts';

/** Images of the Gaussian that an open autoencoder gives every pixel. */
export const vaeImage = (models: OpenVaeModels): ImageKind<VaeImageParameters, VaeImageParameters> => ({
  kind: 'vae',
  schema: vaeImageSchema,
  complete: (_cube, asked) => {
    const { latent } = models.get(asked.modelId).facts;
    if ('dimensionIndex' in asked) checkDimensions(latent, [asked.dimensionIndex], 'dimensionIndex');
    if ('dimensionIndexes' in asked) checkDimensions(latent, asked.dimensionIndexes, 'dimensionIndexes');
    return asked;
  },
  plan: ({ description }, asked) => {
    const { facts, packed } = models.get(asked.modelId);
    const { bands, notes } = bandsOfVae(facts, description);
    return {
      dataType: 'float32',
      holds: 'values',
      diverging: asked.show === 'mu',
      planes: planeNames(asked).map((name) => ({ label: name, record: { ...plainBand, name } })),
      needed: bands,
      prepared: packed,
      notes,
    };
  },
  task: vaeImageTask,
  uses: {
    files: ({ modelId }) => models.get(modelId).files,
    take: async (parameters, files, run) => {
      const { data } = vaeImageSchema.safeParse(parameters);
      // Completing the parameters says what is wrong with them.
      if (data === undefined) return;
      const { modelId } = await models.open(files, run);
      if (modelId === data.modelId) return;
      throw new CubelensError(
        'invalid-request',
        'It names the files of another autoencoder than its image is of.',
        {
          field: 'modelId',
          remedy: 'Export anew.',
        },
      );
    },
  },
});

function planeNames(asked: VaeImageParameters): string[] {
  switch (asked.show) {
    case 'mu':
    case 'sigma':
      return [`${asked.show} of z${asked.dimensionIndex + 1}`];
    case 'composite':
      return asked.dimensionIndexes.map((dimension) => `mu of z${dimension + 1}`);
    case 'kl':
      return ['KL in nats'];
    case 'error':
      return ['reconstruction error in column deviations'];
  }
}
