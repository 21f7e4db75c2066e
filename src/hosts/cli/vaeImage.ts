import type { VaeImageParameters } from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { colouringOf } from './colouring.ts';
import { formatOf, json } from './command.ts';
import { usageError } from './exitCodes.ts';
import type { Arguments } from './options.ts';
import { savedModel } from './vaeShared.ts';
import { exported, wrote } from './written.ts';

/** Options of `vae image` beside --out. */
export const imageOptions = ['show', 'colour-map', 'range', 'image', 'open'] as const;

/** `cubelens vae image`: what is printed of it. */
export async function image(args: Arguments, client: Client, files: readonly string[]): Promise<string> {
  const [folder, cube, ...more] = files;
  if (folder === undefined || cube === undefined || more.length > 0) {
    throw usageError('vae image takes a MODEL_DIR and a cube.');
  }
  const out = args.needed('out');
  const format = formatOf(out, ['geotiff', 'envi', 'png', 'npy']);
  const shown = shownOf(args.needed('show'));
  if (shown.show === 'composite' && args.text('colour-map') !== undefined) {
    throw usageError('Three means are red, green and blue: they take no --colour-map.');
  }
  const colouring = colouringOf(args, format);
  const response = await client.api.vae.models.$post({ json: savedModel(client, folder) });
  const { modelId } = await response.json();
  const { cubeId } = await client.open(cube, args.text('image'), args.text('open'));
  const parameters = { modelId, ...shown };
  const order = { format, image: { kind: 'vae' as const, parameters }, colouring };
  const result = await exported(client, out, cubeId, 'image', order);
  return args.flag('json') ? json(result) : wrote(client, result);
}

type Shown = VaeImageParameters extends infer Each
  ? Each extends VaeImageParameters
    ? Omit<Each, 'modelId'>
    : never
  : never;

/** mu1, sigma2, 1,2,3, kl or error; dimensions from 1. */
function shownOf(text: string): Shown {
  const word = text.trim().toLowerCase();
  if (word === 'kl' || word === 'error') return { show: word };
  const one = /^(mu|sigma)(\d{1,3})$/.exec(word);
  const dimension = Number(one?.[2] ?? 0);
  if (one !== null && dimension >= 1) {
    return { show: one[1] === 'mu' ? 'mu' : 'sigma', dimensionIndex: dimension - 1 };
  }
  const pieces = word.split(',').map((piece) => (/^\s*\d{1,3}\s*$/.test(piece) ? Number(piece) : 0));
  const [red = 0, green = 0, blue = 0] = pieces;
  if (pieces.length === 3 && pieces.every((piece) => piece >= 1)) {
    return { show: 'composite', dimensionIndexes: [red - 1, green - 1, blue - 1] };
  }
  throw usageError(
    `--show takes mu1, sigma1, three dimensions such as 1,2,3, kl or error; not ${text}.`,
    'Dimensions count from 1.',
  );
}
