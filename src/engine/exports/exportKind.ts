import type { Assumption } from '../contract/cube.ts';
import type { z } from 'zod';
import type { Cube, Cubes } from '../cube/cubes.ts';
import type { OutputFile } from '../io/outputFile.ts';
import type { JobContext } from '../jobs/jobs.ts';
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

/** One kind of export. Products and rooms bring their own; a recipe names its kind. */
export interface ExportKind<Parameters> {
  readonly kind: string;
  readonly schema: z.ZodType<Parameters>;
  /** Paths of all files it writes, the data file last; the recipe is not among them. */
  readonly targets: (parameters: Parameters, path: string) => string[];
  /** Prepares everything but the final rename; throws and leaves nothing behind where that fails. */
  readonly write: (run: ExportRun<Parameters>) => Promise<PreparedOutput>;
}

/** Temporary files that are complete: renamed in their order, the data file last. */
export interface PreparedOutput {
  files: OutputFile[];
  warnings: string[];
}
