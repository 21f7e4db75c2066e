export interface WeightBar {
  x: number;
  y: number;
  width: number;
  height: number;
  isPositive: boolean;
}

/** Where the number of a weight stands. */
export interface WeightLabel {
  index: number;
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
}

const TOP = 4;

/**
 * Bars of weights from a zero line, which lies in the middle where both signs occur. Labels: the largest and the smallest
 * weight, beside or across from their bars.
 */
export function weightsLayout(weights: readonly number[], width: number, bottom: number) {
  const [most, least] = [Math.max(0, ...weights), Math.min(0, ...weights)];
  const top = TOP + (least < 0 ? 0 : 12);
  const span = most - least || 1;
  const y = (weight: number) => top + ((most - weight) / span) * (bottom - top);
  const zero = y(0);
  const step = weights.length === 0 ? width : width / weights.length;
  const barWidth = Math.max(1, Math.min(10, step * 0.7));
  const bars = weights.map((weight, index): WeightBar => ({
    x: (index + 0.5) * step - barWidth / 2,
    y: Math.min(zero, y(weight)),
    width: barWidth,
    height: Math.abs(y(weight) - zero),
    isPositive: weight > 0,
  }));
  const labels: WeightLabel[] = [];
  // Of equal weights, as filters in the middle of a segment have, the last is named: there is room beside it.
  const largest = weights.findLastIndex((weight) => weight === most);
  const smallest = middleOf(weights, least);
  if (largest >= 0) labels.push(labelOf(largest, weights, step, width, least < 0 ? TOP + 8 : TOP + 6));
  if (least < 0) labels.push({ index: smallest, x: (smallest + 0.5) * step, y: zero - 4, anchor: 'middle' });
  return { bars, zero, labels };
}

function labelOf(
  index: number,
  weights: readonly number[],
  step: number,
  width: number,
  y: number,
): WeightLabel {
  const x = (index + 0.5) * step;
  if (!weights.some((weight) => weight < 0)) {
    const anchor = x < 24 ? 'start' : x > width - 24 ? 'end' : 'middle';
    return { index, x, y, anchor };
  }
  return index >= weights.length / 2
    ? { index, x: x - 8, y, anchor: 'end' }
    : { index, x: x + 8, y, anchor: 'start' };
}

/** Of the entries that equal `value` within rounding, the one nearest to the middle. */
function middleOf(weights: readonly number[], value: number): number {
  const middle = (weights.length - 1) / 2;
  let best = -1;
  weights.forEach((weight, index) => {
    const isEqual = Math.abs(weight - value) <= 1e-9 * Math.abs(value);
    if (isEqual && (best < 0 || Math.abs(index - middle) < Math.abs(best - middle))) best = index;
  });
  return best;
}
