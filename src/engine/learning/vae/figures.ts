import { randomUUID } from 'node:crypto';
import type { Work } from '../../base/work.ts';
import { vaeFigureSchema, type VaeFigureParameters, type VaeSpectrum } from '../../contract/vaeSpectra.ts';
import type { Cube } from '../../cube/cubes.ts';
import { checkWindow } from '../../cube/read.ts';
import { openInputCube } from '../../exports/cubeInputs.ts';
import type { ExportEngine } from '../../exports/exportKind.ts';
import type { FileKind, FileOrder } from '../../exports/fileExport.ts';
import { writeTemporary } from '../../exports/writeOneFile.ts';
import type { OutputFile } from '../../io/outputFile.ts';
import type { JobContext } from '../../jobs/jobs.ts';
import { bandsOfVae } from './bandsOfVae.ts';
import { openVaeTask, type OpenedVae } from './imageTasks.ts';
import { vaeFigureTask, vaeSpectrumTask, type PixelArgs } from './spectraTasks.ts';

/** A pixel's Gaussian or traversals as a file: its inputs are the model's two files, then the cube where a pixel is meant. */
export const vaeFigureFile: FileKind<VaeFigureParameters> = {
  kind: 'vae-figure',
  schema: vaeFigureSchema,
  write: async (engine, order, job) => (await writeFigure(engine, order, job)).file,
};

/** The temporary file of a figure, and what a person should know. */
export async function writeFigure(
  engine: ExportEngine,
  { inputs, parameters, path }: FileOrder<VaeFigureParameters>,
  job: JobContext,
): Promise<{ file: OutputFile; notes: string[] }> {
  const work: Work = { signal: job.signal, priority: 'export' };
  const [json, binary, ...ofCube] = inputs;
  const files = { json: json?.path ?? '', binary: binary?.path ?? '' };
  const { facts, packed } = await engine.pool.run(openVaeTask, files, work);
  const draw = (at: PixelArgs | null): Promise<OutputFile> =>
    writeTemporary(path, (output) =>
      engine.pool.run(vaeFigureTask, { ...parameters, packed, at, output }, work),
    );
  const { pixel } = parameters.figure;
  if (pixel === null) return { file: await draw(null), notes: [] };
  const holder = `figure ${randomUUID()}`;
  try {
    const cube = await openInputCube(engine.cubes, ofCube, holder, job.signal);
    const { result, notes } = await atPixel(engine, facts, { cube, ...pixel }, work, draw);
    return { file: result, notes };
  } finally {
    engine.cubes.closeAll(holder);
  }
}

/** The Gaussian of a pixel of an open cube. Throws `out-of-range` for a pixel outside, and what `bandsOfVae` and `gaussianOf` throw. */
export async function spectrumAt(
  engine: ExportEngine,
  { facts, packed }: Pick<OpenedVae, 'facts' | 'packed'>,
  pixel: CubePixel,
  work: Work,
): Promise<VaeSpectrum> {
  const { result, notes } = await atPixel(engine, facts, pixel, work, (at) =>
    engine.pool.run(vaeSpectrumTask, { ...at, packed }, work),
  );
  return { ...result, notes };
}

interface CubePixel {
  cube: Cube;
  line: number;
  sample: number;
}

/** Runs what a worker does with a pixel; gives also the notes of the bands. */
async function atPixel<Result>(
  { cubes }: ExportEngine,
  facts: OpenedVae['facts'],
  { cube, line, sample }: CubePixel,
  work: Work,
  run: (at: PixelArgs) => Promise<Result>,
): Promise<{ result: Result; notes: string[] }> {
  const window = { line0: line, sample0: sample, lines: 1, samples: 1 };
  checkWindow(cube.description, window);
  const { bands, notes } = bandsOfVae(facts, cube.description);
  const result = await cubes.using(cube, async () => {
    const blocks = await cubes.blocks.fetch(cube, window, bands, work);
    return run({ cubeId: cube.cubeId, blocks, window, bands });
  });
  return { result, notes };
}
