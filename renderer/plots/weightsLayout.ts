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
  if (largest >= 0) labels.push(labelOf(largest, weights, step, width, zero));
  if (least < 0) labels.push({ index: smallest, y: zero - 4, ...across(smallest, step, width) });
  return { bars, zero, labels };
}

/** Room that a number takes beside its bar. */
const labelWidth = 44;

function labelOf(
  index: number,
  weights: readonly number[],
  step: number,
  width: number,
  zero: number,
): WeightLabel {
  if (!weights.some((weight) => weight < 0)) return { index, y: TOP + 6, ...across(index, step, width) };
  const isRight = index >= weights.length / 2;
  const inside = Math.ceil(labelWidth / step);
  const beside = isRight
    ? weights.slice(Math.max(0, index - inside), index)
    : weights.slice(index + 1, index + 1 + inside);
  // Where its neighbours are as high, it stands on the other side of the zero line.
  if (beside.some((weight) => weight > (weights[index] as number) / 2)) {
    return { index, y: zero + 12, ...across(index, step, width) };
  }
  const x = (index + 0.5) * step;
  return isRight
    ? { index, x: x - 8, y: TOP + 8, anchor: 'end' }
    : { index, x: x + 8, y: TOP + 8, anchor: 'start' };
}

/** In the middle of a bar's place; at the edges as far inside as it needs. */
function across(index: number, step: number, width: number): Pick<WeightLabel, 'x' | 'anchor'> {
  const x = (index + 0.5) * step;
  const half = labelWidth / 2;
  if (x < half) return { x: 2, anchor: 'start' };
  return x > width - half ? { x: width - 2, anchor: 'end' } : { x, anchor: 'middle' };
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
