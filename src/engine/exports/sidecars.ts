import { discardOutput, type OutputFile } from '../io/outputFile.ts';
import { exportWork, type ExportEngine, type ExportRun, type PreparedOutput } from './exportKind.ts';
import type { OutputPlan } from './outputImage.ts';
import type { RecipeEnvelope } from './recipeEnvelope.ts';
import { writeRecipeTask } from './recipeFile.ts';
import { writeTextTask } from './tasks.ts';
import { writeTemporary } from './writeOneFile.ts';

/** Where an ENVI data file's header stands: X.dat has X.hdr. */
export const enviHeaderPath = (path: string): string => `${path.replace(/\.[^./\\]*$/, '')}.hdr`;

/** A complete temporary file with this text; a worker encodes and writes it. */
export const writeText = (run: Writing, path: string, text: string): Promise<OutputFile> =>
  writeTemporary(path, (output) => run.engine.pool.run(writeTextTask, { output, text }, exportWork(run.job)));

/** A complete temporary file with a recipe; a worker makes its text and writes it. */
export const writeRecipe = (run: Writing, path: string, recipe: RecipeEnvelope): Promise<OutputFile> =>
  writeTemporary(path, (output) =>
    run.engine.pool.run(writeRecipeTask, { output, recipe }, exportWork(run.job)),
  );

/** What writing a side file needs of an export under way. */
type Writing = Pick<ExportRun<unknown>, 'job'> & { engine: Pick<ExportEngine, 'pool'> };

/** The data file with its header file before it, where the format has one. */
export async function withHeaderFile(
  run: Writing & { path: string },
  data: OutputFile,
  plan: OutputPlan,
  notes: readonly string[],
): Promise<PreparedOutput> {
  const warnings = [...plan.warnings, ...notes];
  if (plan.headerFile === null) return { files: [data], warnings };
  try {
    const header = await writeText(run, enviHeaderPath(run.path), plan.headerFile);
    return { files: [header, data], warnings };
  } catch (thrown) {
    await discardOutput(data);
    throw thrown;
  }
}
