import type { ExportResult } from '../contract/exports.ts';
import { stat } from 'node:fs/promises';
import { CubelensError } from '../base/errors.ts';
import type { CubeDescription } from '../cube/cube.ts';
import type { Cube } from '../cube/cubes.ts';
import type { ImageKinds } from '../products/imageKind.ts';
import { commitOutput, discardOutput, type OutputFile } from '../io/outputFile.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ExportEngine, ExportKind } from './exportKind.ts';
import { makeRecipe } from './makeRecipe.ts';
import { recipePath } from './recipeText.ts';
import { writeRecipe } from './sidecars.ts';
import { checkTargets } from './targets.ts';

type AnyExportKind = ExportKind<unknown, unknown>;

/** The kinds of export an engine knows. A room registers its own. */
export class ExportKinds {
  readonly #kinds = new Map<string, AnyExportKind>();

  /** Throws `internal` where there is one of that name. */
  add<Asked, Complete>(kind: ExportKind<Asked, Complete>): void {
    if (this.#kinds.has(kind.kind)) {
      throw new CubelensError('internal', `Two kinds of export are named ${kind.kind}.`);
    }
    // The same object's schema and `complete` give the parameters that its other parts see.
    this.#kinds.set(kind.kind, kind as unknown as AnyExportKind);
  }

  /** Throws `invalid-request` where there is no such kind. */
  get(kind: string): AnyExportKind {
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
  /** Complete: what `completeParameters` gives. */
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
  const { parameters } = order;
  const uses = kind.uses?.files(parameters, engine.images.kinds) ?? [];
  await checkTargets(engine.pool, cube, kind.targets(parameters, path), order.replace, uses);
  const output = { kind: order.kind, parameters, path, uses };
  const recipe = await makeRecipe(engine.pool, cube, output, job.signal);
  const prepared = await kind.write({ engine, cube, parameters, path, job });
  const files = [...prepared.files];
  try {
    files.unshift(await writeRecipe({ engine, job }, recipePath(path), recipe));
    job.stage('Finishing');
    const { size: bytes } = await stat(prepared.files.at(-1)?.part ?? '');
    await commitAll(files, job);
    return {
      files: files.map((file) => file.name).reverse(),
      bytes,
      warnings: prepared.warnings,
      assumptions: cube.description.assumptions,
    };
  } catch (thrown) {
    await Promise.all(files.map(discardOutput));
    throw thrown;
  }
}

async function commitAll(files: readonly OutputFile[], job: JobContext): Promise<void> {
  if (job.signal.aborted) throw new CubelensError('cancelled', 'Cancelled.');
  for (const file of files) await commitOutput(file);
}

/** Parameters checked by the kind's schema and completed by the cube. Throws `invalid-request` with the field. */
export function completeParameters(
  kind: AnyExportKind,
  cube: CubeDescription,
  asked: unknown,
  images: ImageKinds,
): unknown {
  const checked = kind.schema.safeParse(asked);
  if (checked.success) return kind.complete(cube, checked.data, images);
  const issue = checked.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  throw new CubelensError('invalid-request', `${field}: ${issue?.message ?? 'not valid'}.`, { field });
}
