import { mapInOrder } from '../base/mapInOrder.ts';
import type { Cube } from '../cube/cubes.ts';
import type { JobContext } from '../jobs/jobs.ts';
import { createOutput, discardOutput, type OutputFile } from '../io/outputFile.ts';
import { planChunks } from './chunks.ts';
import { exportWork, type ExportEngine, type ExportRun } from './exportKind.ts';
import { targetBytes, type RawTarget } from './rawWriter.ts';
import { writeBytesTask, writeChunkTask, type ChunkContent } from './tasks.ts';

/** An output's pixels and how to make them. */
export interface PixelWork {
  target: Omit<RawTarget, 'output'>;
  content: ChunkContent;
  /** Bands of the cube whose pixels are read. */
  needed: readonly number[];
  /** Bytes that one pixel needs in all arrays of a chunk together. */
  pixelBytes: number;
}

/**
 * Writes all pixels of an output to a temporary file, chunk by chunk, a few at a time. Every chunk has its place, so
 * their order does not matter. Leaves nothing behind where it fails or is cancelled.
 */
export async function writePixels(
  { engine, cube, job }: Pick<ExportRun<unknown>, 'engine' | 'cube' | 'job'>,
  path: string,
  header: Uint8Array,
  work: PixelWork,
): Promise<OutputFile> {
  const output = await createOutput(path, targetBytes(work.target));
  try {
    const target: RawTarget = { ...work.target, output };
    if (header.length > 0) {
      await engine.pool.run(writeBytesTask, { output, bytes: header, position: 0 }, exportWork(job));
    }
    await writeChunks(engine, cube, target, work, job);
    return output;
  } catch (thrown) {
    await discardOutput(output);
    throw thrown;
  }
}

async function writeChunks(
  engine: ExportEngine,
  cube: Cube,
  target: RawTarget,
  work: PixelWork,
  job: JobContext,
): Promise<void> {
  const windows = planChunks(cube.layout, target, work.pixelBytes);
  job.stage('Writing pixels', target.lines * target.samples);
  let done = 0;
  const failure = new AbortController();
  const signal = AbortSignal.any([job.signal, failure.signal]);
  const chunkWork = exportWork({ signal });
  let first: { thrown: unknown } | null = null;
  // One chunk more than there are threads, so that none waits for the engine.
  await mapInOrder(windows, engine.pool.threads + 1, async (window) => {
    try {
      const blocks = await engine.cubes.blocks.fetch(cube, window, work.needed, chunkWork);
      const args = { cubeId: cube.cubeId, blocks, content: work.content, window, target };
      await engine.pool.run(writeChunkTask, args, chunkWork);
    } catch (thrown) {
      // The other chunks under way are of no use any more: what they then fail with is not the reason.
      first ??= { thrown };
      failure.abort();
      throw first.thrown;
    }
    done += window.lines * window.samples;
    job.progress(done);
  });
}
