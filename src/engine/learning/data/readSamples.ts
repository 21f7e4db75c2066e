import { randomUUID } from 'node:crypto';
import { CubelensError } from '../../base/errors.ts';
import type { Cubes } from '../../cube/cubes.ts';
import { openInputCube } from '../../exports/cubeInputs.ts';
import type { ReadableFile } from '../../io/grants.ts';
import type { JobContext } from '../../jobs/jobs.ts';
import type { ThreadPool } from '../../workers/pool.ts';
import type { ReadTable } from './spectraTable.ts';
import { tableOfCube } from './tableOfCube.ts';

/** Where samples come from: the files of a cube, and those of its class map where there is one; or one file of samples. */
export type SampleFiles =
  | {
      kind: 'cube';
      cube: readonly ReadableFile[];
      classes: readonly ReadableFile[];
      most?: number | undefined;
    }
  | { kind: 'file'; file: ReadableFile };

/** Samples as the thread of TensorFlow takes them: the table of a cube, its numbers shared, or the path of a file. */
export type Samples = { table: ReadTable } | { path: string };

/** Reads the samples of a cube; a file of samples is read later. Throws what `openInputCube` and `tableOfCube` throw. */
export async function readSamples(
  { cubes, pool }: { cubes: Cubes; pool: ThreadPool },
  source: SampleFiles,
  { seed, onlyClassed }: { seed: number; onlyClassed: boolean },
  job: JobContext,
): Promise<Samples> {
  if (source.kind === 'file') return { path: source.file.path };
  const holder = `learning ${randomUUID()}`;
  try {
    job.stage('Opening the cube');
    const cube = await openInputCube(cubes, source.cube, holder, job.signal);
    const classMap =
      source.classes.length === 0
        ? undefined
        : { cube: await openInputCube(cubes, source.classes, holder, job.signal) };
    let staged = false;
    const table = await tableOfCube({
      ...{ pool, cubes, cube, classMap, onlyClassed, seed },
      most: source.most,
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

/** All files of a source, the class map's last: the inputs of what is made of them. */
export const inputsOf = (source: SampleFiles): ReadableFile[] =>
  source.kind === 'file' ? [source.file] : [...source.cube, ...source.classes];

/** What a recipe says of a source beside its inputs. */
export interface RecordedSource {
  source: SampleFiles['kind'];
  /** How many inputs, the last ones, are the files of a class map. */
  mapInputs: number;
  most?: number | undefined;
}

/** What a recipe is to say of a source. */
export const recordedSource = (source: SampleFiles): RecordedSource => {
  if (source.kind === 'file') return { source: 'file', mapInputs: 0 };
  const { classes, most } = source;
  return { source: 'cube', mapInputs: classes.length, ...(most === undefined ? {} : { most }) };
};

/**
 * The source among the inputs of an output, of which the last ones are those of a class map. Throws `malformed-file` where
 * their number does not fit.
 */
export function sourceAmong(
  inputs: readonly ReadableFile[],
  { source, mapInputs, most }: RecordedSource,
): SampleFiles {
  const ofCube = inputs.length - mapInputs;
  const [file] = inputs;
  if (source === 'cube' && ofCube > 0) {
    return { kind: 'cube', cube: inputs.slice(0, ofCube), classes: inputs.slice(ofCube), most };
  }
  if (source === 'file' && file !== undefined && inputs.length === 1) return { kind: 'file', file };
  throw new CubelensError('malformed-file', `${inputs.length} inputs do not fit what is made of them.`, {
    field: 'inputs',
    remedy: 'Make the output anew.',
  });
}
