import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CubelensError } from '../../base/errors.ts';
import type { Work } from '../../base/work.ts';
import type { VaeSpectrum, VaeTraversal } from '../../contract/vaeSpectra.ts';
import type { Cube } from '../../cube/cubes.ts';
import { checkWindow } from '../../cube/read.ts';
import { openInputCube } from '../../exports/cubeInputs.ts';
import type { ExportEngine } from '../../exports/exportKind.ts';
import type { FileKind, FileOrder } from '../../exports/fileExport.ts';
import { writeTextTask } from '../../exports/tasks.ts';
import { writeTemporary } from '../../exports/writeOneFile.ts';
import type { OutputFile } from '../../io/outputFile.ts';
import type { JobContext } from '../../jobs/jobs.ts';
import { bandsOf } from './bandsOf.ts';
import { openVaeTask, type OpenedVae } from './imageTasks.ts';
import { vaeFigureTask, vaeSpectrumTask, vaeTraversalTask } from './spectraTasks.ts';

const pixelSchema = z.strictObject({ line: z.int().min(0), sample: z.int().min(0) });
const figureSchema = z.strictObject({
  figure: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('spectrum'), pixel: pixelSchema }),
    z.strictObject({
      kind: z.literal('traversal'),
      pixel: pixelSchema.nullable(),
      reach: z.number().gt(0).max(1000),
      steps: z.int().min(2).max(101),
    }),
  ]),
  format: z.enum(['csv', 'svg']),
});
export type FigureParameters = z.infer<typeof figureSchema>;

/** A pixel's Gaussian or traversals as a file: its inputs are the model's two files, then the cube where a pixel is meant. */
export const vaeFigureFile: FileKind<FigureParameters> = {
  kind: 'vae-figure',
  schema: figureSchema,
  write: async (engine, order, job) => (await writeFigure(engine, order, job)).file,
};

/** The temporary file of a figure, and what a person should know. */
export async function writeFigure(
  engine: ExportEngine,
  { inputs, parameters: { figure, format }, path }: FileOrder<FigureParameters>,
  job: JobContext,
): Promise<{ file: OutputFile; notes: string[] }> {
  const work: Work = { signal: job.signal, priority: 'export' };
  const [json, binary, ...ofCube] = inputs;
  const files = { json: json?.path ?? '', binary: binary?.path ?? '' };
  const opened = await engine.pool.run(openVaeTask, files, work);
  const holder = `figure ${randomUUID()}`;
  try {
    let spectrum: VaeSpectrum | null = null;
    let notes: string[] = [];
    if (figure.pixel !== null) {
      const cube = await openInputCube(engine.cubes, ofCube, holder, job.signal);
      ({ spectrum, notes } = await spectrumAt(engine, opened, cube, figure.pixel, work));
    }
    const shown: VaeSpectrum | VaeTraversal | null =
      figure.kind === 'spectrum'
        ? spectrum
        : await engine.pool.run(
            vaeTraversalTask,
            { packed: opened.packed, from: spectrum?.mu ?? null, reach: figure.reach, steps: figure.steps },
            work,
          );
    if (shown === null) throw new CubelensError('internal', 'A figure without a spectrum.');
    const text = await engine.pool.run(vaeFigureTask, { figure: shown, format }, work);
    const file = await writeTemporary(path, (output) =>
      engine.pool.run(writeTextTask, { output, text }, work),
    );
    return { file, notes };
  } finally {
    engine.cubes.closeAll(holder);
  }
}

/** The Gaussian of a pixel of an open cube. Throws `out-of-range` for a pixel outside, and what `bandsOf` and `gaussianOf` throw. */
export async function spectrumAt(
  { pool, cubes }: ExportEngine,
  { facts, packed }: Pick<OpenedVae, 'facts' | 'packed'>,
  cube: Cube,
  { line, sample }: { line: number; sample: number },
  work: Work,
): Promise<{ spectrum: VaeSpectrum; notes: string[] }> {
  const window = { line0: line, sample0: sample, lines: 1, samples: 1 };
  checkWindow(cube.description, window);
  const { bands, notes } = bandsOf(facts, cube.description);
  const spectrum = await cubes.using(cube, async () => {
    const blocks = await cubes.blocks.fetch(cube, window, bands, work);
    return pool.run(vaeSpectrumTask, { cubeId: cube.cubeId, blocks, packed, window, bands }, work);
  });
  return { spectrum, notes };
}
