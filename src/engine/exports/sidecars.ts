import { createOutput, discardOutput, type OutputFile } from '../io/outputFile.ts';
import { exportWork, type ExportRun, type PreparedOutput } from './exportKind.ts';
import type { OutputPlan } from './outputImage.ts';
import { writeBytesTask } from './tasks.ts';

/** Where an ENVI data file's header stands: X.dat has X.hdr. */
export const enviHeaderPath = (path: string): string => `${path.replace(/\.[^./\\]*$/, '')}.hdr`;

/** A complete temporary file with this text. */
export async function writeText(
  { engine, job }: Pick<ExportRun<unknown>, 'engine' | 'job'>,
  path: string,
  text: string,
): Promise<OutputFile> {
  const bytes = new TextEncoder().encode(text);
  const output = await createOutput(path, bytes.length);
  try {
    await engine.pool.run(writeBytesTask, { output, bytes, position: 0 }, exportWork(job));
    return output;
  } catch (thrown) {
    await discardOutput(output);
    throw thrown;
  }
}

/** The data file with its header file before it, where the format has one. */
export async function withHeaderFile(
  run: Pick<ExportRun<unknown>, 'engine' | 'job' | 'path'>,
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
