import type { ClassifierAnswer } from '../../contract/classifier.ts';

/** Accuracy, confusion matrix (a row a true class, a column a given one) and per-class figures of some rows. */
export function judge(
  names: readonly string[],
  truth: Int32Array,
  given: Int32Array,
): Pick<ClassifierAnswer, 'accuracy' | 'balancedAccuracy' | 'confusion' | 'classes'> {
  const confusion = names.map(() => names.map(() => 0));
  truth.forEach((one, row) => {
    const counts = confusion[one];
    const other = given[row] as number;
    if (counts !== undefined) counts[other] = (counts[other] ?? 0) + 1;
  });
  const right = names.map((_, k) => confusion[k]?.[k] ?? 0);
  const classes = names.map((name, k) => {
    const rows = (confusion[k] ?? []).reduce((sum, count) => sum + count, 0);
    const named = confusion.reduce((sum, counts) => sum + (counts[k] ?? 0), 0);
    const hits = right[k] ?? 0;
    return {
      name,
      rows,
      precision: named === 0 ? null : hits / named,
      recall: rows === 0 ? null : hits / rows,
    };
  });
  const recalls = classes.flatMap(({ recall }) => (recall === null ? [] : [recall]));
  return {
    accuracy: right.reduce((sum, count) => sum + count, 0) / truth.length,
    balancedAccuracy: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
    confusion,
    classes,
  };
}
