import type { Client } from '../api/client.ts';
import { fetchTile } from './fetchTile.ts';
import type { ImageSource } from './imageSource.ts';
import type { GlTile, TileCanvas } from './tileCanvas.ts';
import { tileShape } from './tileChoice.ts';
import type { TileRequest } from './tileLoader.ts';
import { packPixels } from './tilePixels.ts';

/**
 * A tile of an image for a canvas. Throws what `fetchTile` throws, and `Error` for a tile of another size.
 * @param source - null where the image has gone meanwhile.
 */
export async function loadTile(
  client: Client,
  canvas: TileCanvas,
  source: ImageSource | null,
  request: TileRequest,
  init: { headers: Record<string, string>; signal: AbortSignal },
): Promise<GlTile> {
  const pixels = packPixels(await fetchTile(client, request.url, init));
  const shape = source === null ? null : tileShape(source, request);
  const fits = shape === null || (shape.lines === pixels.lines && shape.samples === pixels.samples);
  if (!fits || ![1, 3].includes(pixels.planes)) {
    throw new Error('The engine sent a tile of another size than asked for.');
  }
  return canvas.createTile(pixels);
}
