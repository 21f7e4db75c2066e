import { listed } from '../data/listed.ts';

/** A class with fewer training rows, and a judgement by fewer held-out rows, is said to be weak. */
const [fewTraining, fewHeldOut] = [10, 30];

/** What is to be said of inputs (by their places among all names) that training does not use. */
export function unusedNotes(names: readonly string[], constant: readonly number[]): string[] {
  if (constant.length === 0) return [];
  const own = constant.map((input) => names[input] ?? '');
  const what = own.every((name) => /^band \d+$/.test(name)) ? 'Bands' : 'Inputs';
  return [`${what} that are constant among the training samples are not used: ${listed(own)}.`];
}

/** What is to be said of classes with few training rows, and of few rows to stop or judge by. */
export function weakNotes(
  classes: readonly { name: string; rows: number }[],
  counts: { stopping: number; test: number },
): string[] {
  const weak = classes.filter(({ rows }) => rows < fewTraining);
  const few = listed(weak.map(({ name, rows }) => `${name} (${rows})`));
  return [
    ...(weak.length > 0 ? [`Classes with fewer than ${fewTraining} training samples: ${few}.`] : []),
    ...(counts.stopping === 0
      ? [
          'No samples are left to decide when to stop: the training samples do, which favours learning by heart.',
        ]
      : []),
    ...(counts.test < fewHeldOut ? [`Only ${counts.test} samples are held out: accuracies are rough.`] : []),
  ];
}
