import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import type { Work } from '../base/work.ts';
import type { CubeDescription } from '../cube/cube.ts';
import type { Cube, Cubes } from '../cube/cubes.ts';
import type { OutputFile } from '../io/outputFile.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ReadableFile } from '../io/grants.ts';
import type { ImageKinds, RunTask, UsedFile } from '../products/imageKind.ts';
import type { Images } from '../products/images.ts';
import type { ThreadPool } from '../workers/pool.ts';

/** What exports work with. */
export interface ExportEngine {
  pool: ThreadPool;
  cubes: Cubes;
  images: Images;
}

/** One export under way: everything a kind needs to write its output. */
export interface ExportRun<Parameters> {
  engine: ExportEngine;
  cube: Cube;
  parameters: Parameters;
  /** Absolute path of the data file. */
  path: string;
  job: JobContext;
}

/** An export's work: behind everything that a person waits for. */
export const exportWork = ({ signal }: Pick<JobContext, 'signal'>): Work => ({ signal, priority: 'export' });

/** One kind of export. Products and rooms bring their own; a recipe names its kind. */
export interface ExportKind<Asked, Complete> {
  readonly kind: string;
  /** Checks parameters as they are asked for. A complete form, as recipes hold it, must pass too. */
  readonly schema: z.ZodType<Asked>;
  /** Fills in what the cube decides. Complete parameters stay as they are. Throws `invalid-request`. */
  readonly complete: (cube: CubeDescription, asked: Asked, images: ImageKinds) => Complete;
  /** Paths of all files it writes, the data file last; the recipe is not among them. */
  readonly targets: (parameters: Complete, path: string) => string[];
  /** Of kinds whose outputs may be made from files beside the cube. */
  readonly uses?: {
    /** Those of one output, in an order that counts: its recipe names and checks them. */
    readonly files: (parameters: Complete, images: ImageKinds) => readonly UsedFile[];
    /** Takes what a recipe names (perhaps nothing), before its parameters are completed. Throws `invalid-request` where it does not fit. */
    readonly take: (
      recorded: unknown,
      files: readonly ReadableFile[],
      images: ImageKinds,
      run: RunTask,
    ) => Promise<void>;
  };
  /** Prepares everything but the final rename; throws and leaves nothing behind where that fails. */
  readonly write: (run: ExportRun<Complete>) => Promise<PreparedOutput>;
}

/** What is wrong with a recipe that names files which its output is not made from. */
export const notUsed = (): CubelensError =>
  new CubelensError('invalid-request', 'It names files that its output is not made from.', {
    field: 'uses',
    remedy: 'Export anew.',
  });

/** Temporary files that are complete: renamed in their order, the data file last. */
export interface PreparedOutput {
  files: OutputFile[];
  warnings: string[];
}
