import type { LineSampleWindow } from '../../base/window.ts';
import type { VaeSpectrum, VaeTraversal } from '../../contract/vaeSpectra.ts';
import { readValues } from '../../cube/read.ts';
import { cubeOf, readContext, type CubeArgs } from '../../products/tasks.ts';
import { defineTask } from '../../workers/task.ts';

/** As `gaussianOf`, of one pixel of a cube: a window of one line and sample. */
export const vaeSpectrumTask = defineTask(
  'vae.spectrum',
  async (
    args: CubeArgs & { packed: SharedArrayBuffer; window: LineSampleWindow; bands: number[] },
    context,
  ): Promise<VaeSpectrum> => {
    const { gaussianOf } = await import('./spectra.ts');
    const { packed, window, bands } = args;
    const values = await readValues(cubeOf(args, context), window, bands, readContext(args, context));
    return gaussianOf(packed, Float32Array.from(values), { line: window.line0, sample: window.sample0 });
  },
);

/** As `traversalOf`. */
export const vaeTraversalTask = defineTask(
  'vae.traversal',
  async (args: {
    packed: SharedArrayBuffer;
    from: readonly number[] | null;
    reach: number;
    steps: number;
  }): Promise<VaeTraversal> => (await import('./spectra.ts')).traversalOf(args.packed, args.from, args),
);

/** The text of either, as CSV or as a picture. */
export const vaeFigureTask = defineTask(
  'vae.figure',
  async (args: { figure: VaeSpectrum | VaeTraversal; format: 'csv' | 'svg' }): Promise<string> => {
    const { figureText } = await import('./figureText.ts');
    return figureText(args.figure, args.format);
  },
);
