import type { LineSampleWindow } from '../../base/window.ts';
import type { VaeFigureParameters, VaeTraversal } from '../../contract/vaeSpectra.ts';
import { readValues } from '../../cube/read.ts';
import type { OutputFile } from '../../io/outputFile.ts';
import { cubeOf, readContext, type CubeArgs } from '../../products/tasks.ts';
import { defineTask, type TaskContext } from '../../workers/task.ts';
import type { PixelGaussian } from './spectra.ts';

/** One pixel of a cube: a window of one line and sample, and the bands that the model takes. */
export type PixelArgs = CubeArgs & { window: LineSampleWindow; bands: number[] };

/** As `gaussianOf`, of one pixel of a cube. */
export const vaeSpectrumTask = defineTask(
  'vae.spectrum',
  (args: PixelArgs & { packed: SharedArrayBuffer }, context): Promise<PixelGaussian> =>
    gaussianAt(args.packed, args, context),
);

async function gaussianAt(
  packed: SharedArrayBuffer,
  args: PixelArgs,
  context: TaskContext,
): Promise<PixelGaussian> {
  const { gaussianOf } = await import('./spectra.ts');
  const { window, bands } = args;
  const values = await readValues(cubeOf(args, context), window, bands, readContext(args, context));
  return gaussianOf(packed, Float32Array.from(values), { line: window.line0, sample: window.sample0 });
}

/** As `traversalOf`. */
export const vaeTraversalTask = defineTask(
  'vae.traversal',
  async (
    args: {
      packed: SharedArrayBuffer;
      from: readonly number[] | null;
      dimensionIndexes: readonly number[];
      reach: number;
      steps: number;
    },
    context,
  ): Promise<VaeTraversal> => {
    const { nested, traversalOf } = await import('./spectra.ts');
    return nested(traversalOf(args.packed, args.from, args, context));
  },
);

/** Computes either and writes it into a temporary file, as CSV or as a picture: neither numbers nor text leave the worker. */
export const vaeFigureTask = defineTask(
  'vae.figure',
  async (
    args: VaeFigureParameters & {
      packed: SharedArrayBuffer;
      /** The pixel; null where there is none: the origin. */
      at: PixelArgs | null;
      output: OutputFile;
    },
    context,
  ): Promise<void> => {
    const { drawFigure, writeText } = await import('./figureText.ts');
    const { packed, at, output } = args;
    const spectrum = at === null ? null : await gaussianAt(packed, at, context);
    writeText(output, drawFigure(packed, spectrum, args, context), context);
  },
);
