import type { ImageStatistics, PlaneStatistics } from '../../../src/engine/contract/index.ts';
import type { Limits, Stretch } from '../../store/cubeView.ts';

/** The percentages that a stretch needs of the statistics. */
export const percentagesOf = (stretch: Stretch): readonly number[] =>
  stretch.kind === 'percentiles' ? [stretch.low, stretch.high] : [2, 98];

/**
 * What the first and the last colour stand for, a pair a plane. About 0 both lie as far from it as the farther one of
 * the two. A plane without a value has 0 to 1.
 */
export function limitsOf(stretch: Stretch, statistics: ImageStatistics, aboutZero: boolean): Limits[] {
  const { planes } = statistics;
  if (stretch.kind === 'numbers' && stretch.planes.length === planes.length) return [...stretch.planes];
  return planes.map((plane) => {
    const [low, high] = stretch.kind === 'extremes' ? [plane.min, plane.max] : percentilesOf(plane, stretch);
    if (low === null || high === null) return { low: 0, high: 1 };
    if (!aboutZero) return { low, high };
    const most = Math.max(Math.abs(low), Math.abs(high));
    return { low: -most, high: most };
  });
}

function percentilesOf({ percentiles }: PlaneStatistics, stretch: Stretch): [number | null, number | null] {
  const wanted = percentagesOf(stretch);
  const at = (percent: number | undefined): number | null =>
    percentiles.find((one) => one.percent === percent)?.value ?? null;
  return [at(wanted[0]), at(wanted[1])];
}

export const sameLimits = (a: readonly Limits[] | null, b: readonly Limits[] | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.length === b.length &&
    a.every(({ low, high }, plane) => low === b[plane]?.low && high === b[plane].high));

/** The limits with one of them set: the other one gives way, at the distance that they had. */
export function withLimit({ low, high }: Limits, name: 'low' | 'high', value: number): Limits {
  const span = Math.abs(high - low) || 1;
  if (name === 'low') return { low: value, high: value < high ? high : value + span };
  return { low: value > low ? low : value - span, high: value };
}
