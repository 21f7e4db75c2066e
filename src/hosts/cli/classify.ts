import { rmdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import {
  classFormats,
  classifierFiles,
  type ClassifierApplyResult,
  type ClassifierAuxiliary,
  type ClassifierTrainResult,
  type LearningSource,
} from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { formatOf, json, type Command } from './command.ts';
import { usageError } from './exitCodes.ts';
import { writtenName, type Arguments, type OptionName } from './options.ts';
import { makeFolder } from './outputFolder.ts';
import { columnTable, outputText } from './text.ts';
import { wrap } from './wrap.ts';

/** `cubelens classify`. */
export const classify: Command = {
  usage:
    'classify train CUBE|CSV --classes MAP [--aux position|COLUMNS] [--epochs N] [--widths LIST] [--seed S] --out MODEL_DIR | classify apply MODEL_DIR CUBE --out X.{tif,dat,png,npy,csv}',
  summary:
    'classifier of spectra: learns the classes of a class map, gives the class of each pixel of a cube',
  options: ['class-map', 'aux', 'epochs', 'widths', 'seed', 'out', 'json'],
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
  const [epochs, seed] = (['epochs', 'seed'] as const).map((name) => wholeOf(args, name));
  const widths = widthsOf(args);
  const source = sourceOf(client, data, args.text('class-map'));
  const auxiliary = auxiliaryOf(args);
  const folder = args.needed('out');
  const isNew = makeFolder('out', folder);
  try {
    const at = (name: string): string => client.grantWrite(join(folder, name));
    const result = await client.job('classifier-train', {
      source,
      auxiliary,
      config: {
        ...(widths === undefined ? {} : { widths }),
        ...(epochs === undefined ? {} : { epochs }),
        ...(seed === undefined ? {} : { seed }),
      },
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
  const learning: OptionName[] = ['class-map', 'aux', 'epochs', 'widths', 'seed'];
  const wrong = learning.find((name) => args.text(name) !== undefined);
  if (wrong !== undefined) throw usageError(`--${writtenName(wrong)} does not go with classify apply.`);
  const out = args.needed('out');
  const format = formatOf(out, classFormats);
  const result = await client.job('classifier-apply', {
    files: {
      model: client.grantRead(join(folder, classifierFiles.model)),
      weights: client.grantRead(join(folder, classifierFiles.weights)),
      facts: client.grantRead(join(folder, classifierFiles.facts)),
    },
    cube: client.grantRead(cube),
    target: client.grantWrite(out),
    format,
    replace: true,
  });
  return args.flag('json') ? json(result) : applyText(result);
}

function sourceOf(client: Client, data: string, classes: string | undefined): LearningSource {
  const isFile = ['.csv', '.txt'].includes(extname(data).toLowerCase());
  if (isFile && classes !== undefined) {
    throw usageError('--classes goes with a cube: a CSV has its classes in a column "class".');
  }
  if (!isFile && classes === undefined) {
    throw usageError('--classes MAP is missing: the classes that are to be learnt.');
  }
  const grantId = client.grantRead(data);
  if (isFile) return { kind: 'file', grantId };
  return { kind: 'cube', grantId, ...(classes === undefined ? {} : { classes: client.grantRead(classes) }) };
}

function auxiliaryOf(args: Arguments): ClassifierAuxiliary | null {
  const given = args.text('aux');
  if (given === undefined) return null;
  if (given.toLowerCase() === 'position') return 'position';
  const names = given.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw usageError(`--aux takes position, or names of columns such as "band 3,band 4"; not ${given}.`);
}

function widthsOf(args: Arguments): number[] | undefined {
  const given = args.text('widths');
  if (given === undefined) return undefined;
  if (given.toLowerCase() === 'none') return [];
  const widths = given.split(',').map((piece) => (/^\s*\d{1,4}\s*$/.test(piece) ? Number(piece) : 0));
  if (widths.every((width) => width > 0)) return widths;
  throw usageError(
    `--widths takes whole numbers such as 128,64, or none for a linear classifier; not ${given}.`,
  );
}

function wholeOf(args: Arguments, name: 'epochs' | 'seed'): number | undefined {
  const value = args.number(name);
  const least = name === 'epochs' ? 1 : 0;
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return value;
  throw usageError(`--${name} is a whole number from ${least}, not ${value}.`);
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something is in it: not ours to remove.
  }
}

const percent = (share: number | null): string => (share === null ? '-' : `${(100 * share).toFixed(1)} %`);
const said = (notes: readonly string[]): string =>
  notes.map((note) => `${wrap(`Note: ${note}`, 2)}\n`).join('');

function trainText({ answer, table, backend, written }: ClassifierTrainResult): string {
  const { classes, confusion, counts } = answer;
  const rows = classes.map(({ name, precision, recall }, k) => [
    `${k + 1} ${name}`,
    ...(confusion[k] ?? []).map(String),
    percent(recall),
    percent(precision),
  ]);
  return [
    `Trained on ${counts.train} of ${table.rows} samples of ${table.columns} columns with TensorFlow (${backend.backend} ${backend.version}), ${answer.epochs} epochs, the weights of epoch ${answer.bestEpoch}\n`,
    `Judged by ${counts.test} samples of blocks of the scene that were held out\n`,
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
