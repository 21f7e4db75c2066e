import { CubelensError } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/signal.ts';
import {
  classifierConfigSchema,
  type ClassifierAnswer,
  type ClassifierAuxiliary,
  type ClassifierEpoch,
  type ClassifierRequest,
} from '../../contract/classifier.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';
import { blockSplit, type TableSplit } from '../data/blockSplit.ts';
import { classMeans, columnRanges, positionRanges } from '../data/sceneFacts.ts';
import type { SpectraTable, TableClasses } from '../data/spectraTable.ts';
import { breather, type Breathe } from '../breather.ts';
import { classify } from './classify.ts';
import { judge } from './confusion.ts';
import { fit, type FitRows } from './fit.ts';
import { inputNames, inputPlaces, inputScales, manyStandardised } from './inputs.ts';
import type { ClassifierModel, ClassMapFacts } from './model.ts';
import { unusedNotes, weakNotes } from './trainNotes.ts';

/** What to train on. */
export interface TrainOptions {
  tf: TensorFlow;
  /** With classes; rows without one (-1) only count for the range of the scene. */
  table: SpectraTable;
  auxiliary?: ClassifierAuxiliary | null | undefined;
  config?: ClassifierRequest | undefined;
  signal?: CancelSignal | undefined;
  onEpoch?: ((epoch: ClassifierEpoch) => void) | undefined;
}

/** Share of the training blocks that decide when to stop. */
const stoppingShare = 0.2;

/**
 * Trains a dense classifier of spectra and judges it by blocks of the scene that it has not seen; a fifth of the blocks for
 * training decides when to stop. The same table, configuration and backend give the same model. Throws `invalid-request` for a
 * table without classes or positions that are asked for, `degenerate` where fewer than two classes can be learnt, no
 * block can be held out, or all inputs are constant, `not-converged` for a loss that is no number, `cancelled`. Leaves no
 * tensor behind.
 */
export async function trainClassifier({
  tf,
  table,
  auxiliary = null,
  config: asked = {},
  signal,
  onEpoch,
}: TrainOptions): Promise<{ model: ClassifierModel; answer: ClassifierAnswer }> {
  const config = classifierConfigSchema.parse(asked);
  const { classes: given } = table;
  if (given === null) {
    throw new CubelensError('invalid-request', 'The samples have no classes to learn.', {
      field: 'classes',
      remedy: 'Give a class map, or a column "class".',
    });
  }
  if (auxiliary === 'position' && table.positions === null) {
    throw new CubelensError(
      'invalid-request',
      'The samples have no lines and samples for the auxiliary input.',
      {
        field: 'auxiliary',
        remedy: 'Train on a cube, give columns "line" and "sample", or another auxiliary input.',
      },
    );
  }
  const breathe = breather(signal);
  await breathe();
  const places = inputPlaces(table.names, auxiliary);
  const parts = await partsOf(table, given.ofRow, config, breathe);
  await breathe();
  const notes = [...parts.notes];
  // Classes that nothing can be learnt of are left out, also where rows of them are held out.
  const learnt = new Set(Array.from(parts.train, (row) => given.ofRow[row]));
  const kept = given.names.flatMap((_, one) => (learnt.has(one) ? [one] : []));
  const left = given.names.filter((_, one) => !kept.includes(one));
  if (left.length > 0) notes.push(`Classes left out for want of training rows: ${left.join(', ')}.`);
  const placeOf = given.names.map((_, one) => kept.indexOf(one));
  const only = (rows: Int32Array): Int32Array =>
    rows.filter((row) => placeOf[given.ofRow[row] as number] !== -1);
  const [train, stopping, test] = [parts.train, only(parts.stopping), only(parts.test)];
  if (kept.length < 2 || test.length === 0) {
    const why =
      kept.length < 2 ? 'fewer than two classes have rows to learn from' : 'no rows are left to be held out';
    throw new CubelensError('degenerate', `A classifier cannot be trained: ${why}.`, {
      field: 'classes',
      remedy:
        table.positions === null
          ? 'Give more rows of each class.'
          : 'Give more labelled pixels, or split by smaller blocks (--block-side).',
    });
  }
  const classOf = (rows: Int32Array): Int32Array =>
    Int32Array.from(rows, (row) => placeOf[given.ofRow[row] as number] as number);
  const { constant, ...scales } = await inputScales(places, table, train, breathe);
  if (constant.length === places.size) {
    throw new CubelensError(
      'degenerate',
      'All training samples have the same values: there is nothing to learn.',
      {
        field: 'source',
        remedy: 'Give the cube that the classes belong to, or more labelled pixels.',
      },
    );
  }
  notes.push(...unusedNotes(inputNames(places, table.names), constant));
  const data = async (rows: Int32Array): Promise<FitRows> => ({
    inputs: await manyStandardised(places, table, rows, scales, breathe),
    classOf: classOf(rows),
  });
  const learnRows = await data(train);
  const counts = kept.map(() => 0);
  for (const one of learnRows.classOf) counts[one] = (counts[one] ?? 0) + 1;
  notes.push(
    ...weakNotes(
      kept.map((one, k) => ({ name: given.names[one] ?? '', rows: counts[k] ?? 0 })),
      { stopping: stopping.length, test: test.length },
    ),
  );
  const classWeights = counts.map((count) => (config.weighted ? train.length / (kept.length * count) : 1));
  const fitted = await fit(
    tf,
    // Without stopping rows the loss of the training rows decides.
    {
      train: learnRows,
      stopping: stopping.length > 0 ? await data(stopping) : learnRows,
      size: places.size,
      unused: constant,
      classWeights,
    },
    config,
    breathe,
    onEpoch,
  );
  await breathe();
  const ranges = columnRanges(table);
  const rangeOf = (columns: Int32Array): [number, number][] =>
    Array.from(columns, (k) => ranges[k] ?? [0, 0]);
  await breathe();
  const means = classMeans(table);
  const model: ClassifierModel = {
    classes: kept.map((one) => given.names[one] ?? ''),
    map: mapFacts(given, kept, notes),
    bands: table.bands ?? null,
    columns: [...table.names],
    wavelengthsNm:
      table.wavelengthsNm === null
        ? null
        : Array.from(places.spectrum, (k) => table.wavelengthsNm?.[k] ?? NaN),
    auxiliary,
    ...scales,
    layers: fitted.layers,
    range: {
      spectrum: rangeOf(places.spectrum),
      auxiliary:
        places.auxiliary === 'position'
          ? (positionRanges(table) ?? [])
          : rangeOf(places.auxiliary ?? new Int32Array()),
    },
    meanSpectra: kept.map((one) => Array.from(places.spectrum, (k) => means[one]?.[k] ?? NaN)),
    accuracy: 0,
  };
  const judged = await judgeRows(tf, model, table, test, classOf(test), signal);
  model.accuracy = judged.accuracy;
  const answer: ClassifierAnswer = {
    ...judged,
    counts: { train: train.length, stopping: stopping.length, test: test.length },
    split: table.positions === null ? 'rows' : 'blocks',
    epochs: fitted.losses.length,
    bestEpoch: fitted.bestEpoch,
    losses: fitted.losses,
    seed: config.seed,
    notes,
  };
  return { model, answer };
}

/** Codes and records of the classes that are kept; null without a class map, and (which a note says) where a byte cannot hold a code. */
function mapFacts({ map }: TableClasses, kept: readonly number[], notes: string[]): ClassMapFacts | null {
  if (map === undefined) return null;
  const codes = kept.map((one) => map.codes[one] ?? 0);
  const most = codes.reduce((a, b) => Math.max(a, b), 0);
  if (most <= 255) return { codes, records: map.records.slice(0, 256) };
  notes.push(
    'Codes of the class map above 255 do not fit a class image: its classes will be numbered from 1.',
  );
  return null;
}

/** Rows with a class for training, stopping and testing; no block is in two of them. */
async function partsOf(
  table: SpectraTable,
  ofRow: Int32Array,
  { share, blockSide: side, seed }: { share: number; blockSide: number; seed: number },
  breathe: Breathe,
): Promise<TableSplit & { stopping: Int32Array }> {
  const rows = Int32Array.from(ofRow, (_, row) => row).filter((row) => (ofRow[row] as number) >= 0);
  const outer = blockSplit(table, { side, share, seed, rows });
  await breathe();
  const inner = blockSplit(table, { side, share: 1 - stoppingShare, seed: seed + 1, rows: outer.train });
  const notes = [...outer.notes];
  const unlabelled = ofRow.length - (table.rangeOnly ?? 0) - rows.length;
  if (unlabelled > 0) notes.push(`Rows without a class: ${unlabelled}; they are not learnt from.`);
  return { train: inner.train, stopping: inner.test, test: outer.test, notes };
}

async function judgeRows(
  tf: TensorFlow,
  model: ClassifierModel,
  table: SpectraTable,
  rows: Int32Array,
  truth: Int32Array,
  signal: CancelSignal | undefined,
): Promise<ReturnType<typeof judge>> {
  const { columns, values, positions } = table;
  const own = new Float32Array(rows.length * columns);
  rows.forEach((row, r) => {
    own.set(values.subarray(row * columns, (row + 1) * columns), r * columns);
  });
  const at =
    positions === null
      ? null
      : Int32Array.from(
          { length: 2 * rows.length },
          (_, k) => positions[2 * (rows[k >> 1] as number) + (k & 1)] ?? 0,
        );
  const { classOf } = await classify(tf, model, own, rows.length, at, { signal });
  return judge(model.classes, truth, classOf);
}
