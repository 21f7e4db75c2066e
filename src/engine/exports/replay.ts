import { randomUUID } from 'node:crypto';
import type { ExportResult } from '../contract/exports.ts';
import { basename, dirname } from 'node:path';
import { asCubelensError, CubelensError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import type { Cube } from '../cube/cubes.ts';
import { endingOf } from '../cube/formats/envi/pairing.ts';
import { readableFile, type Grant, type ReadableFile } from '../io/grants.ts';
import { sameFile } from '../io/outputFile.ts';
import type { JobContext } from '../jobs/jobs.ts';
import type { RunTask } from '../products/imageKind.ts';
import { exportWork, notUsed, type ExportEngine, type ExportKind } from './exportKind.ts';
import { completeParameters, runExport, type ExportKinds } from './exporter.ts';
import { recordedParameters, runFileExport, type FileKind, type FileKinds } from './fileExport.ts';
import { checkTargets } from './targets.ts';
import type { RecipeEnvelope } from './recipeEnvelope.ts';
import { inputPath } from './recipeText.ts';
import { openRecordedTask, readRecipe, readRecipeTask, type SentRecipe } from './recipeFile.ts';
import { hashFileTask } from './tasks.ts';

/** What a replay needs beyond an export: how to make a scene that has no file. */
export interface ReplayEngine extends ExportEngine {
  /** Opens a demo scene for a holder. */
  openScene: (recipe: unknown, holder: string, signal?: AbortSignal) => Promise<Cube>;
}

type FileInput = Extract<RecipeEnvelope['inputs'][number], { path: string }>;

/**
 * Makes a recipe's output again, at the target: reading a recipe grants nothing that could be written. The inputs are
 * checked first.
 * Throws `malformed-file` where an input is not what it was or the recipe asks for what cannot be, `not-found` where an
 * input is missing, `unsupported-format` for a kind of export that this version does not know.
 */
export async function runReplay(
  engine: ReplayEngine,
  kinds: ExportKinds,
  fileKinds: FileKinds,
  order: { recipe: Grant; target: Grant; replace: boolean },
  job: JobContext,
): Promise<ExportResult> {
  const { path: file, within } = order.recipe;
  const recipe = await engine.pool.run(readRecipeTask, { path: file }, exportWork(job));
  const ofFiles = fileKinds.find(recipe.kind);
  if (ofFiles !== null) return replayFiles(engine, ofFiles, recipe, order, job);
  const folder = dirname(file);
  const kind = knownKind(kinds, recipe.kind, basename(file));
  const blaming = <Value>(work: () => Value | Promise<Value>): Promise<Value> => blame(basename(file), work);
  job.stage('Checking the inputs');
  // A name of its own: other replays and windows may have the same cube open.
  const holder = `replay ${randomUUID()}`;
  const place = { folder, within, file: basename(file), holder };
  try {
    const cube = await blaming(() => openInputs(engine, recipe, place, job.signal));
    const uses = await blaming(() => takeUsed(engine, kind, recipe, place, job));
    const parameters = await blaming(() =>
      completeParameters(kind, cube.description, recipe.parameters, engine.images.kinds),
    );
    const { path } = order.target;
    // Checked by themselves, for these refusals are the person's to answer and not the recipe's fault.
    await checkNewName(path, recipe.output, file);
    await checkTargets(engine.pool, cube, kind.targets(parameters, path), order.replace, uses);
    const again = { kind: recipe.kind, parameters, cube, path, replace: order.replace };
    const result = await blaming(() => engine.cubes.using(cube, () => runExport(engine, kinds, again, job)));
    return { ...result, warnings: [...result.warnings, ...versionNotes(recipe)] };
  } finally {
    engine.cubes.closeAll(holder);
  }
}

const versionNotes = (recipe: SentRecipe): string[] =>
  recipe.version === version
    ? []
    : [`The recipe was written by version ${recipe.version}, this is ${version}: the bytes may differ.`];

/** The same for an output made of files: inputs checked, then made again. */
async function replayFiles(
  engine: ReplayEngine,
  kind: FileKind<unknown>,
  recipe: SentRecipe,
  order: { recipe: Grant; target: Grant; replace: boolean },
  job: JobContext,
): Promise<ExportResult> {
  const { path: file, within } = order.recipe;
  const parameters = recordedParameters(kind, recipe.parameters, basename(file));
  await blame(basename(file), () => {
    if (recipe.uses !== undefined) throw notUsed();
  });
  const { path } = order.target;
  await checkNewName(path, recipe.output, file);
  job.stage('Checking the inputs');
  const inputs: ReadableFile[] = [];
  for (const input of recipe.inputs) {
    if (!('path' in input)) continue;
    const found = await readableFile(inputPath(dirname(file), input.path), within);
    await checkInput(engine, input, found.path, basename(file), job.signal);
    inputs.push(found);
  }
  const again = { inputs, parameters, path, replace: order.replace };
  const written = await blame(basename(file), () =>
    runFileExport(engine, kind.kind, again, job, () => kind.write(engine, again, job)),
  );
  return { ...written, warnings: versionNotes(recipe), assumptions: [] };
}

/**
 * Refuses a new name whose ending says another format than the recorded one: a recipe repeats its format. And the
 * recipe itself, which the output would destroy.
 */
async function checkNewName(path: string, recorded: string, recipe: string): Promise<void> {
  const file = basename(path);
  if (await sameFile(path, recipe)) {
    const remedy = 'Choose another name or folder.';
    throw new CubelensError('invalid-request', `${file} is the recipe itself.`, {
      file,
      field: 'target',
      remedy,
    });
  }
  if (formatBy(file) === formatBy(recorded)) return;
  throw new CubelensError(
    'invalid-request',
    `The ending of ${file} does not fit: the recipe makes ${recorded}.`,
    {
      file,
      field: 'target',
      remedy: `Give a name with the ending .${endingOf(recorded)}.`,
    },
  );
}

/** What the ending of an output says of its format; ENVI data has many endings. */
function formatBy(name: string): string {
  if (/\.ros\.ya?ml$/i.test(name)) return 'ros';
  const ending = endingOf(name)
    .replace(/^tiff$/, 'tif')
    .replace(/^yaml$/, 'yml');
  const own = ['tif', 'png', 'npy', 'csv', 'json', 'yml', 'xml', 'html', 'svg'];
  return own.includes(ending) ? ending : 'envi';
}

function knownKind(kinds: ExportKinds, kind: string, file: string): ExportKind<unknown, unknown> {
  try {
    return kinds.get(kind);
  } catch (thrown) {
    const { message, place } = asCubelensError(thrown);
    throw new CubelensError('unsupported-format', `${file}: ${message}`, { ...place, file }, thrown);
  }
}

/** What would be a person's mistake in a request is a fault of the file in a recipe. */
async function blame<Value>(file: string, work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (thrown) {
    const error = asCubelensError(thrown, file);
    if (error.code !== 'invalid-request' && error.code !== 'out-of-range') throw error;
    const message = `${file} asks for what cannot be: ${error.message}`;
    throw new CubelensError('malformed-file', message, { ...error.place, file }, thrown);
  }
}

/**
 * The file name that a recipe records for its output: what a host proposes or grants as target. For a host that has no
 * engine yet and nothing else to do meanwhile (the command line): the file is read asynchronously and parsed on the
 * caller's own thread. A replay reads recipes in a worker.
 * @param path of the recipe. Throws `not-found`, `malformed-file` where it is no recipe.
 */
export const recordedOutput = async (path: string): Promise<string> => (await readRecipe(path)).output;

/** Checks the files beside the cube that a recipe names, and gives them to what computes with them. */
async function takeUsed(
  engine: ReplayEngine,
  kind: ExportKind<unknown, unknown>,
  { uses = [], parameters }: SentRecipe,
  place: { folder: string; within: string | null; file: string },
  job: JobContext,
): Promise<ReadableFile[]> {
  const files: ReadableFile[] = [];
  for (const used of uses) {
    const found = await readableFile(inputPath(place.folder, used.path), place.within);
    await checkInput(engine, used, found.path, place.file, job.signal);
    files.push(found);
  }
  const run: RunTask = (task, args) => engine.pool.run(task, args, exportWork(job));
  if (kind.uses !== undefined) await kind.uses.take(parameters, files, engine.images.kinds, run);
  else if (files.length > 0) throw notUsed();
  return files;
}

async function openInputs(
  engine: ReplayEngine,
  recipe: SentRecipe,
  place: { folder: string; within: string | null; file: string; holder: string },
  signal: AbortSignal,
): Promise<Cube> {
  const [first] = recipe.inputs;
  if (first !== undefined && 'scene' in first) {
    return engine.openScene(first.scene, place.holder, signal);
  }
  const inputs = recipe.inputs.filter((input): input is FileInput => 'path' in input);
  const files: ReadableFile[] = [];
  for (const { path } of inputs) {
    files.push(await readableFile(inputPath(place.folder, path), place.within));
  }
  await Promise.all(
    inputs.map((input, k) => checkInput(engine, input, files[k]?.path ?? '', place.file, signal)),
  );
  const [chosen] = files;
  if (chosen === undefined) {
    throw new CubelensError('malformed-file', `${place.file} names no input.`, { file: place.file });
  }
  const opening = { ...chosen, open: recipe.open };
  const cube = engine.cubes.take(
    await engine.pool.run(openRecordedTask, opening, exportWork({ signal })),
    place.holder,
  );
  const opened = cube.files.flatMap((file) => (file.kind === 'file' ? [file.path] : [])).sort();
  const recorded = files.map(({ path }) => path).sort();
  if (opened.join('\n') !== recorded.join('\n')) {
    throw new CubelensError(
      'malformed-file',
      `${basename(chosen.path)} is now read together with other files than the recipe records.`,
      { file: place.file, remedy: 'Remove headers that were added beside it since.' },
    );
  }
  return cube;
}

async function checkInput(
  engine: ExportEngine,
  input: FileInput,
  path: string,
  recipe: string,
  signal: AbortSignal,
): Promise<void> {
  const now = await engine.pool.run(hashFileTask, { path, expected: null }, exportWork({ signal }));
  const sampled = input.sampled ?? false;
  if (now.size !== input.size || now.sha256 !== input.sha256 || now.sampled !== sampled) {
    throw new CubelensError('malformed-file', `${input.path} is not the file that ${recipe} was made from.`, {
      file: input.path,
      field: now.size === input.size ? 'sha256' : 'size',
      remedy: 'Bring back the original file, or export anew.',
    });
  }
}
