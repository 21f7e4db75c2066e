import { rm, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import { CubelensError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import type { WrittenFile } from '../contract/exports.ts';
import type { ReadableFile } from '../io/grants.ts';
import {
  commitOutput,
  discardOutput,
  exists,
  sameFile,
  statOrNull,
  type OutputFile,
} from '../io/outputFile.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { ExportEngine } from './exportKind.ts';
import { hashFiles } from './makeRecipe.ts';
import { recipePath } from './recipeText.ts';
import { writeRecipe } from './sidecars.ts';

/** One output made of files, not of an open cube: what to read, how, and where it goes. */
export interface FileOrder<Parameters> {
  /** In an order that counts. */
  inputs: readonly ReadableFile[];
  parameters: Parameters;
  /** Absolute path of the output. */
  path: string;
}

/** A kind of output made of files that a recipe can repeat. Rooms bring their own. */
export interface FileKind<Parameters> {
  readonly kind: string;
  /** Checks the parameters of a recipe. */
  readonly schema: z.ZodType<Parameters>;
  /** Makes the complete temporary file, or several, the output last; throws and leaves nothing behind where that fails. */
  readonly write: (
    engine: ExportEngine,
    order: FileOrder<Parameters>,
    job: JobContext,
  ) => Promise<OutputFile | OutputFile[]>;
}

/** The kinds of such outputs an engine knows. */
export class FileKinds {
  readonly #kinds = new Map<string, FileKind<unknown>>();

  /** Throws `internal` where there is one of that name. */
  add<Parameters>(kind: FileKind<Parameters>): void {
    if (this.#kinds.has(kind.kind)) {
      throw new CubelensError('internal', `Two kinds of output are named ${kind.kind}.`);
    }
    this.#kinds.set(kind.kind, kind as unknown as FileKind<unknown>);
  }

  find(kind: string): FileKind<unknown> | null {
    return this.#kinds.get(kind) ?? null;
  }
}

/**
 * Writes such an output with its recipe: temporary files first, then renamed, the output last; whole or not at all. Throws
 * `invalid-request` for a target that is an input, a folder, or there and not to be replaced; what `write` throws.
 */
export async function runFileExport<Parameters>(
  engine: ExportEngine,
  kind: string,
  order: FileOrder<Parameters> & { replace: boolean },
  job: JobContext,
  write: () => Promise<OutputFile | OutputFile[]>,
): Promise<WrittenFile> {
  const { inputs, parameters, path } = order;
  await checkFileTarget(path, inputs, order.replace);
  const files = inputs.map((input) => ({ path: input.path, state: null }));
  const recipe = {
    version,
    kind,
    parameters,
    open: {},
    output: basename(path),
    inputs: await hashFiles(engine.pool, files, dirname(path), job.signal),
  };
  const made: OutputFile[] = [await write()].flat();
  const placed: string[] = [];
  try {
    // A recipe of no input could not be repeated: the request itself held the data.
    if (inputs.length > 0) made.unshift(await writeRecipe({ engine, job }, recipePath(path), recipe));
    const { size: bytes } = await stat(made.at(-1)?.part ?? '');
    if (job.signal.aborted) throw new CubelensError('cancelled', 'Cancelled.');
    for (const file of made) await checkNoInput(file.path, inputs);
    for (const file of made) {
      const isNew = !(await exists(file.path));
      await commitOutput(file);
      if (isNew) placed.push(file.path);
    }
    return { files: made.map(({ name }) => name).reverse(), bytes };
  } catch (thrown) {
    await Promise.all(made.map(discardOutput));
    // A part of an output is of no use.
    await Promise.all(placed.map((file) => rm(file, { force: true }).catch(() => undefined)));
    throw thrown;
  }
}

/**
 * Of an output whose main file has one name, because others lie beside it. Throws `invalid-request` for another name.
 * @param what - how a sentence names the output: "A model".
 */
export function checkMainName(path: string, name: string, what: string): void {
  if (basename(path) === name) return;
  throw new CubelensError('invalid-request', `${what} cannot be named ${basename(path)}.`, {
    file: basename(path),
    field: 'target',
    remedy: `Write ${name} into another folder: the model's other files go beside it.`,
  });
}

/** Throws `invalid-request` for a target that is an input, a folder, or there and not to be replaced. */
export async function checkFileTarget(
  path: string,
  inputs: readonly ReadableFile[],
  replace: boolean,
): Promise<void> {
  await checkNoInput(path, inputs);
  await checkNoInput(recipePath(path), inputs);
  if ((await statOrNull(path))?.isDirectory() === true)
    throw refused(path, 'is a folder', 'Choose another name.');
  if (!replace && (await exists(path))) {
    throw refused(path, 'already exists', 'Allow replacing it, or choose another name.', 'replace');
  }
}

/** An input is never replaced, whatever is asked for. */
async function checkNoInput(target: string, inputs: readonly ReadableFile[]): Promise<void> {
  for (const { path } of inputs) {
    if (await sameFile(target, path)) {
      throw refused(target, `would replace ${basename(path)}, an input`, 'Choose another name or folder.');
    }
  }
}

function refused(path: string, says: string, remedy: string, field = 'target'): CubelensError {
  const file = basename(path);
  return new CubelensError('invalid-request', `${file} ${says}.`, { file, field, remedy });
}

/** The parameters of a recipe of this kind, checked. Throws `malformed-file` that names the recipe and the field. */
export function recordedParameters<Parameters>(
  kind: FileKind<Parameters>,
  recorded: unknown,
  recipe: string,
): Parameters {
  const checked = kind.schema.safeParse(recorded);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  throw new CubelensError(
    'malformed-file',
    `${recipe}: ${field === '' ? 'parameters' : field}: ${issue?.message ?? 'not valid'}.`,
    {
      file: recipe,
      field,
      remedy: 'Write it anew by exporting again.',
    },
  );
}
