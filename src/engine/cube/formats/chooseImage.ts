import type { ImageSummary } from '../../contract/cube.ts';
import { CubelensError } from '../../base/errors.ts';

/**
 * Position of the asked-for image in a file's list, by id or else by name; the first without a wish.
 * Throws `invalid-request` with the images that there are.
 */
export function chooseImage(
  file: string,
  images: readonly Pick<ImageSummary, 'imageId' | 'name'>[],
  wish: string | undefined,
): number {
  if (wish === undefined) return 0;
  const byId = images.findIndex(({ imageId }) => imageId === wish);
  const found = byId >= 0 ? byId : images.findIndex(({ name }) => name === wish);
  if (found >= 0) return found;
  const known = images.slice(0, 10).map(({ imageId, name }) => `${imageId} (${name})`);
  throw new CubelensError('invalid-request', `${file} has no image ${wish}.`, {
    file,
    field: 'imageId',
    remedy: `Its images: ${known.join(', ')}${images.length > 10 ? ', ...' : ''}.`,
  });
}
