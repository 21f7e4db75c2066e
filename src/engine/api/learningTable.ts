import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { learningSourceSchema } from '../contract/vae.ts';
import { tableOfCube } from '../learning/data/tableOfCube.ts';
import type { ReadTable } from '../learning/data/spectraTable.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { EngineParts } from './parts.ts';

/** Samples as the thread of TensorFlow takes them: the table of a cube, its numbers shared, or the path of a file. */
export async function learningTable(
  { grants, cubes, pool }: EngineParts,
  source: z.output<typeof learningSourceSchema>,
  { seed, onlyClassed }: { seed: number; onlyClassed: boolean },
  job: JobContext,
): Promise<{ table: ReadTable } | { path: string }> {
  if (source.kind === 'file') return { path: grants.resolve(source.grantId, 'read').path };
  const holder = `learning ${randomUUID()}`;
  try {
    job.stage('Opening the cube');
    const cube = await cubes.open(grants.resolve(source.grantId, 'read'), {}, holder, job.signal);
    const map =
      source.classes === undefined
        ? undefined
        : { cube: await cubes.open(grants.resolve(source.classes, 'read'), {}, holder, job.signal) };
    let staged = false;
    const table = await tableOfCube({
      pool,
      cubes,
      cube,
      classMap: map,
      most: source.most,
      onlyClassed,
      seed,
      signal: job.signal,
      onProgress: (done, all) => {
        if (!staged) job.stage('Reading samples', all);
        staged = true;
        job.progress(done);
      },
    });
    return { table };
  } finally {
    cubes.closeAll(holder);
  }
}
