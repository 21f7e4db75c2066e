import { existsSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  classFormats,
  classifierFiles,
  type ClassifierApplyResult,
  type ClassifierAuxiliary,
  type ClassifierRequest,
  type ClassifierTrainResult,
} from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { formatOf, json, type Command } from './command.ts';
import { CommandError, usageError } from './exitCodes.ts';
import { isTable, said, sourceOf, wholeOf, widthsOf } from './learningOptions.ts';
import { writtenName, type Arguments } from './options.ts';
import { makeFolder } from './outputFolder.ts';
import { columnTable, outputText, percent, plural } from './text.ts';

/** Options of training alone. */
const learning = ['class-map', 'aux', 'epochs', 'widths', 'rate', 'batch', 'block-side', 'seed'] as const;

/** `cubelens classify`. */
export const classify: Command = {
  usage:
    'classify train CUBE|CSV --classes MAP [--aux position|COLUMNS] [--epochs N] [--widths LIST] [--rate R] [--batch N] [--block-side N] [--seed S] --out MODEL_DIR | classify apply MODEL_DIR CUBE --out X.{tif,dat,png,npy,csv}',
  summary:
    'classifier of spectra: learns the classes of a class map, gives the class of each pixel of a cube',
  options: [...learning, 'out', 'json'],
  optionHelp: {
    'class-map': {
      value: 'MAP',
      help: 'class map of the cube (ENVI): what is learnt; a CSV has a column "class" instead',
    },
    widths: {
      value: 'LIST',
      help: 'units of the hidden layers, such as 128,64; none is a linear classifier; default 64,32',
    },
    epochs: { value: 'N', help: 'most times that training goes through all samples; default 60' },
    rate: { value: 'R', help: 'step size of Adam; default 0.001' },
    batch: { help: 'samples a step; default 128' },
    seed: { help: 'seed of everything that is drawn at random; default 1' },
    out: {
      value: 'DIR|FILE',
      help: 'folder of the model, which holds none yet (train), or a file whose ending chooses the format',
    },
  },
  run: async (args, client) => {
    const [action, ...files] = args.positionals;
    if (action === 'train') return train(args, client, files);
    if (action === 'apply') return apply(args, client, files);
    throw usageError(
      action === undefined ? 'classify train or apply?' : `classify has no ${action}.`,
      'Write classify train CUBE --classes MAP --out MODEL_DIR, or classify apply MODEL_DIR CUBE --out X.tif.',
    );
  },
};

async function train(args: Arguments, client: Client, files: readonly string[]): Promise<string> {
  const [data, ...more] = files;
  if (data === undefined || more.length > 0) throw usageError('classify train takes one cube or CSV file.');
  const classes = args.text('class-map');
  if (!isTable(data, false) && classes === undefined) {
    throw usageError('--classes MAP is missing: the classes that are to be learnt.');
  }
  const config = configOf(args);
  const source = sourceOf(client, data, classes, { withNpy: false });
  const auxiliary = auxiliaryOf(args);
  const folder = args.needed('out');
  const isNew = makeFolder('out', folder);
  try {
    const at = (name: string): string => client.grantWrite(join(folder, name));
    const result = await client.job('classifier-train', {
      source,
      auxiliary,
      config,
      files: {
        model: at(classifierFiles.model),
        weights: at(classifierFiles.weights),
        facts: at(classifierFiles.facts),
      },
    });
    return args.flag('json') ? json(result) : trainText(result);
  } catch (thrown) {
    // Nothing is left of what failed: an empty folder neither.
    if (isNew) removeEmpty(folder);
    throw thrown;
  }
}

async function apply(args: Arguments, client: Client, files: readonly string[]): Promise<string> {
  const [folder, cube, ...more] = files;
  if (folder === undefined || cube === undefined || more.length > 0) {
    throw usageError('classify apply takes a MODEL_DIR and a cube.');
  }
  const wrong = learning.find((name) => args.text(name) !== undefined);
  if (wrong !== undefined) throw usageError(`--${writtenName(wrong)} does not go with classify apply.`);
  const out = args.needed('out');
  const format = formatOf(out, classFormats);
  const result = await client.job('classifier-apply', {
    files: savedClassifier(client, folder),
    cube: client.grantRead(cube),
    target: client.grantWrite(out),
    format,
    replace: true,
  });
  return args.flag('json') ? json(result) : applyText(result);
}

/** Read grants of the files of a saved classifier. All have the same names: one that is missing is named with its folder. */
function savedClassifier(client: Client, folder: string): Record<keyof typeof classifierFiles, string> {
  const read = (name: string): string => {
    const path = join(folder, name);
    if (existsSync(path)) return client.grantRead(path);
    throw new CommandError({
      code: 'not-found',
      message: `${basename(folder)}/${name} does not exist.`,
      remedy: 'Give a folder that classify train has written, with all of its files.',
    });
  };
  const { model, weights, facts } = classifierFiles;
  return { model: read(model), weights: read(weights), facts: read(facts) };
}

function auxiliaryOf(args: Arguments): ClassifierAuxiliary | null {
  const given = args.text('aux');
  if (given === undefined) return null;
  if (given.toLowerCase() === 'position') return 'position';
  const names = given.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw usageError(`--aux takes position, or names of columns such as "band 3,band 4"; not ${given}.`);
}

/** What the options say of the training; what is left out has the engine's defaults. */
function configOf(args: Arguments): ClassifierRequest {
  const rate = args.number('rate');
  if (rate !== undefined && rate <= 0) throw usageError(`--rate is a number above 0, not ${rate}.`);
  const asked = {
    widths: widthsOf(args, { layers: 8, units: 1024, linear: 'classifier' }),
    epochs: wholeOf(args, 'epochs', 1, 10_000),
    batch: wholeOf(args, 'batch', 1, 65_536),
    learningRate: rate,
    blockSide: wholeOf(args, 'block-side', 1, 10_000),
    seed: wholeOf(args, 'seed', 0),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is in it: not ours to remove.
  }
}

function trainText({ answer, table, backend, written }: ClassifierTrainResult): string {
  const { classes, confusion, counts } = answer;
  const rows = classes.map(({ name, precision, recall }, k) => [
    `${k + 1} ${name}`,
    ...(confusion[k] ?? []).map(String),
    percent(recall),
    percent(precision),
  ]);
  return [
    `Trained on ${counts.train} of ${table.labelled} labelled samples of ${plural(table.columns, 'column')} with TensorFlow (${backend.backend} ${backend.version}), ${plural(answer.epochs, 'epoch')}, the weights of epoch ${answer.bestEpoch}\n`,
    counts.stopping === 0 ? '' : `Stopped by ${plural(counts.stopping, 'further sample')}\n`,
    `Judged by ${plural(counts.test, 'sample')} ${answer.split === 'blocks' ? 'of blocks of the scene' : 'drawn one by one'} that were held out\n`,
    `Accuracy ${percent(answer.accuracy)}, balanced accuracy ${percent(answer.balancedAccuracy)}\n\n`,
    'A row a true class, a column the class it was given:\n',
    columnTable(['', ...classes.map((_, k) => String(k + 1)), 'recall', 'precision'], rows),
    '\n',
    said([...table.notes, ...answer.notes]),
    `\n${outputText(written)}`,
  ].join('');
}

const colour = (rgb: readonly number[]): string =>
  `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;

function applyText({ lines, samples, classes, notes, written }: ClassifierApplyResult): string {
  const rows = classes.map(({ code, name, rgb, pixels }) => [
    String(code),
    name,
    code === 0 && written.files[0]?.toLowerCase().endsWith('.png') === true ? 'clear' : colour(rgb),
    String(pixels),
    percent(pixels / (lines * samples)),
  ]);
  return `${lines} lines x ${samples} samples\n\n${columnTable(['code', 'class', 'colour', 'pixels', 'share'], rows)}\n${said(notes)}${outputText(written)}`;
}
