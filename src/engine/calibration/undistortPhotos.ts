import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CubelensError } from '../base/errors.ts';
import { mapInOrder } from '../base/mapInOrder.ts';
import type { WrittenFile } from '../contract/exports.ts';
import { writeTemporary } from '../exports/writeOneFile.ts';
import { commitOutput, discardOutput, type OutputFile } from '../io/outputFile.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ThreadPool } from '../workers/pool.ts';
import type { Camera } from './camera.ts';
import { undistortTask } from './photoTasks.ts';

/** A photo and where its undistorted image goes. */
export interface PhotoPair {
  from: string;
  to: string;
}

/** Photos under way at once: one of 12 megapixels takes some 400 MB. */
const photosAtOnce = 2;

/**
 * Writes each photo as the ideal camera would see it; one that cannot be is named in the notes. All are temporary files until `finish`, which
 * writes what else there is to write, has ended: cancelled or failed before, nothing new is there.
 */
export async function undistortPhotos<Finished>(
  pool: ThreadPool,
  camera: { camera: Camera; imageSize: readonly [number, number] | null },
  photos: readonly PhotoPair[],
  job: JobContext,
  finish: () => Promise<Finished>,
): Promise<{ finished: Finished; written: WrittenFile | null; notes: string[] }> {
  if (photos.length === 0) return { finished: await finish(), written: null, notes: [] };
  const made: OutputFile[] = [];
  const notes: string[] = [];
  try {
    job.stage('Undistorting', photos.length);
    let done = 0;
    const results = await mapInOrder(photos, photosAtOnce, async ({ from, to }) => {
      const output = await temporary(pool, camera, from, to, job, notes);
      if (output !== null) made.push(output);
      done += 1;
      job.progress(done);
      return output;
    });
    const finished = await finish();
    let bytes = 0;
    const files: string[] = [];
    for (const output of results) {
      if (output === null) continue;
      bytes += (await stat(output.part)).size;
      await commitOutput(output);
      files.push(output.name);
    }
    return { finished, written: { files, bytes }, notes: notes.sort() };
  } catch (thrown) {
    await Promise.all(made.map(discardOutput));
    throw thrown;
  }
}

/** The temporary file of one photo; null, with a note, where it cannot be read. */
async function temporary(
  pool: ThreadPool,
  camera: { camera: Camera; imageSize: readonly [number, number] | null },
  from: string,
  to: string,
  job: JobContext,
  notes: string[],
): Promise<OutputFile | null> {
  let fault: string | null = null;
  try {
    return await writeTemporary(to, async (output) => {
      const work = { signal: job.signal, priority: 'export' as const };
      fault = await pool.run(undistortTask, { path: from, ...camera, output }, work);
      // Thrown so that the temporary file goes.
      if (fault !== null) throw new CubelensError('unsupported-format', fault);
    });
  } catch (thrown) {
    if (fault === null) throw thrown;
    notes.push(`${basename(from)} is not undistorted: ${String(fault)}`);
    return null;
  }
}
