import type { LineSampleWindow } from '../base/window.ts';
import type { Layout } from '../cube/cube.ts';

/** Memory of one chunk's arrays. A few chunks are under way at once, so this bounds an export's memory. */
export const chunkBytes = 24 * 1024 * 1024;

/**
 * Cuts an image into windows whose arrays fit the budget: whole lines where that is possible, in steps of the source's
 * blocks so that none is decoded for two windows; parts of lines where a single line is too large.
 * @param pixelBytes bytes that one pixel needs in all arrays together.
 */
export function planChunks(
  layout: Layout,
  image: { lines: number; samples: number },
  pixelBytes: number,
  budgetBytes = chunkBytes,
): LineSampleWindow[] {
  const pixels = Math.max(1, Math.floor(budgetBytes / pixelBytes));
  const block = blockSize(layout);
  const samples = Math.min(
    image.samples,
    pixels >= image.samples ? image.samples : stepOf(pixels, block.samples),
  );
  const lines = Math.min(image.lines, stepOf(Math.max(1, Math.floor(pixels / samples)), block.lines));
  const windows: LineSampleWindow[] = [];
  for (let line0 = 0; line0 < image.lines; line0 += lines) {
    for (let sample0 = 0; sample0 < image.samples; sample0 += samples) {
      windows.push({
        line0,
        sample0,
        lines: Math.min(lines, image.lines - line0),
        samples: Math.min(samples, image.samples - sample0),
      });
    }
  }
  return windows;
}

/** The largest multiple of the step that is not above the limit, or the limit where even one step is too much. */
const stepOf = (limit: number, step: number): number => (limit < step ? limit : limit - (limit % step));

function blockSize(layout: Layout): { lines: number; samples: number } {
  return layout.kind === 'geotiff'
    ? { lines: layout.image.blockLines, samples: layout.image.blockSamples }
    : { lines: 1, samples: 1 };
}
