import { statSync } from 'node:fs';
import { CubelensError } from '../base/errors.ts';
import type { Cube } from '../cube/cubes.ts';
import { commitOutput, discardOutput, type OutputFile } from '../io/outputFile.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ExportEngine, ExportKind, ExportResult } from './exportKind.ts';
import { makeRecipe, recipePath, recipeText } from './recipeEnvelope.ts';
import { writeText } from './sidecars.ts';
import { checkTargets } from './targets.ts';

/** The kinds of export an engine knows. A room registers its own. */
export class ExportKinds {
  readonly #kinds = new Map<string, ExportKind<unknown>>();

  add<Parameters>(kind: ExportKind<Parameters>): void {
    // The schema of the same object checks the parameters before `write` sees them.
    this.#kinds.set(kind.kind, kind as ExportKind<unknown>);
  }

  /** Throws `invalid-request` where there is no such kind. */
  get(kind: string): ExportKind<unknown> {
    const found = this.#kinds.get(kind);
    if (found === undefined) {
      throw new CubelensError('invalid-request', `There is no export of kind ${kind}.`, {
        field: 'kind',
        remedy: `Known kinds: ${[...this.#kinds.keys()].join(', ')}. A newer version of Cubelens may know it.`,
      });
    }
    return found;
  }
}

/** What an export is asked to do. */
export interface ExportOrder {
  kind: string;
  /** Checked by the kind's schema. */
  parameters: unknown;
  cube: Cube;
  /** Absolute path of the data file. */
  path: string;
  /** Replace what is already there; else `invalid-request` where something is. */
  replace: boolean;
}

/**
 * Writes an output with its recipe: everything to temporary files first, then renamed, the data file last. Where it
 * fails or is cancelled, nothing new is there and the old output is untouched. An input is never replaced.
 */
export async function runExport(
  engine: ExportEngine,
  kinds: ExportKinds,
  order: ExportOrder,
  job: JobContext,
): Promise<ExportResult> {
  const { cube, path } = order;
  const kind = kinds.get(order.kind);
  const parameters = checkParameters(kind, order.parameters);
  await checkTargets(engine.pool, cube, kind.targets(parameters, path), order.replace);
  const recipe = await makeRecipe(engine.pool, cube, { kind: order.kind, parameters, path }, job.signal);
  const prepared = await kind.write({ engine, cube, parameters, path, job });
  const files = [...prepared.files];
  try {
    files.unshift(await writeText({ engine, job }, recipePath(path), recipeText(recipe)));
    job.stage('Finishing');
    const bytes = statSync(prepared.files.at(-1)?.part ?? '').size;
    await commitAll(files, job);
    return { files: files.map((file) => file.name).reverse(), bytes, warnings: prepared.warnings };
  } catch (thrown) {
    await Promise.all(files.map(discardOutput));
    throw thrown;
  }
}

async function commitAll(files: readonly OutputFile[], job: JobContext): Promise<void> {
  if (job.signal.aborted) throw new CubelensError('cancelled', 'Cancelled.');
  for (const file of files) await commitOutput(file);
}

/** The parameters as the kind's schema takes them. Throws `invalid-request` with the field. */
export function checkParameters(kind: ExportKind<unknown>, parameters: unknown): unknown {
  const checked = kind.schema.safeParse(parameters);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new CubelensError('invalid-request', `${field}: ${issue?.message ?? 'not valid'}.`, { field });
}
