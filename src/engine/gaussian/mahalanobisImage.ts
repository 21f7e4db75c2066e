import { CubelensError } from '../base/errors.ts';
import { mapInOrder } from '../base/mapInOrder.ts';
import { mahalanobisImageSchema } from '../contract/images.ts';
import { plainBand } from '../cube/cube.ts';
import type { ImageKind } from '../products/imageKind.ts';
import { goodBandIndexes, mahalanobisImageTask, momentsTask, whitenTask } from './mahalanobisTasks.ts';
import { mergeMoments, type Moments } from './mahalanobis.ts';

/** Numbers of one window of the statistics, and windows under way at once. */
const numbersAtOnce = 2 ** 21;
const windowsAtOnce = 4;

/**
 * Squared Mahalanobis distance of each pixel from the cube's own mean (the RX detector of I. Reed and X. Yu, 1990), over
 * the good bands; mean and covariance, with N-1, of the pixels that are complete in them; NaN elsewhere. The plan reads the
 * cube once for its statistics, window by window.
 */
export const mahalanobisImage: ImageKind<Record<string, never>, Record<string, never>> = {
  kind: 'mahalanobis',
  schema: mahalanobisImageSchema,
  complete: (_cube, asked) => asked,
  plan: async ({ cubeId, description }, _parameters, run, blocks) => {
    const needed = goodBandIndexes(description);
    const { lines, samples } = description;
    if (needed.length === 0) {
      throw new CubelensError('degenerate', 'All bands are marked as bad: there is nothing to measure by.', {
        field: 'image',
        remedy: 'Open the cube with other good bands.',
      });
    }
    const step = Math.max(1, Math.floor(numbersAtOnce / (samples * needed.length)));
    const starts = Array.from({ length: Math.ceil(lines / step) }, (_, k) => k * step);
    // Windows join in rounds, so that few are alive, and in their order, so that no digit hangs on threads.
    let whole: Moments | null = null;
    for (let round = 0; round < starts.length; round += windowsAtOnce) {
      const parts = await mapInOrder(
        starts.slice(round, round + windowsAtOnce),
        windowsAtOnce,
        async (line0) => {
          const window = { line0, sample0: 0, lines: Math.min(step, lines - line0), samples };
          return run(momentsTask, { cubeId, window, blocks: await blocks(window, needed) });
        },
      );
      for (const one of parts) {
        if (whole === null) whole = one;
        else mergeMoments(whole, one);
      }
    }
    if (whole === null) throw new CubelensError('internal', 'A cube without lines.');
    const names = needed.map((bandIndex) => `band ${bandIndex + 1}`);
    const prepared = await run(whitenTask, { whole, names });
    return {
      dataType: 'float32',
      holds: 'values',
      diverging: false,
      planes: [
        { label: 'Mahalanobis distance', record: { ...plainBand, name: 'squared Mahalanobis distance' } },
      ],
      needed,
      prepared,
    };
  },
  task: mahalanobisImageTask,
};
