/**
 * What counts as nothing in a search and in a verdict, by the rounding of the numbers. Lengths and radii are in units of
 * the range, the rest is relative to the largest value, slope or curvature in sight.
 */
export interface Tolerances {
  /** The shortest step that backtracking tries. */
  shortestStep: number;
  /** A step this short ends an ascent. */
  lastStep: number;
  /** A Newton step this short ends the polishing. */
  lastNewton: number;
  /** Differences of values this small are rounding. */
  value: number;
  /** By how much a Newton step may lower the value. */
  valueLost: number;
  /** Smallest cosine between a step and its change of slope that L-BFGS learns from. */
  cosine: number;
  /** Slopes at a maximum, and those beside it that speak for a kink. */
  slopeLeft: number;
  slopeBeside: number;
  /** The smallest neighbourhood in which gradients are sampled, and what of them is no way up. */
  radius: number;
  noWayUp: number;
  /** How steep a kink is at least. */
  kinkSlope: number;
  /** How near the derivatives of one side are taken. */
  beside: number;
  /** The sides of a kink in a verdict: further than the steps of differences. */
  oneSide: number;
  /** Width at which a golden section ends. */
  section: number;
  /** Curvatures and slopes that are none. */
  negligible: number;
  /** The least negative curvature of a maximum. */
  curvature: number;
  /** The longest Newton step at a maximum. */
  newton: number;
  /** Slopes across the range that drown in the rounding of the value. */
  drowned: number;
}

const double: Tolerances = {
  shortestStep: 2 ** -60,
  lastStep: 1e-13,
  lastNewton: 1e-10,
  value: 4e-16,
  valueLost: 1e-12,
  cosine: 1e-14,
  slopeLeft: 1e-8,
  slopeBeside: 1e-5,
  radius: 1e-11,
  noWayUp: 1e-9,
  kinkSlope: 1e-6,
  beside: 1e-9,
  oneSide: 1e-9,
  section: 1e-15,
  negligible: 1e-9,
  curvature: 1e-12,
  newton: 1e-5,
  drowned: 0,
};

// Second derivatives are differences here, good to about 1e-4 of the largest.
const single: Tolerances = {
  shortestStep: 2 ** -31,
  lastStep: 1e-7,
  lastNewton: 1e-6,
  value: 2 ** -22,
  valueLost: 1e-6,
  cosine: 1e-6,
  slopeLeft: 1e-4,
  slopeBeside: 1e-3,
  radius: 1e-6,
  noWayUp: 1e-5,
  kinkSlope: 1e-4,
  beside: 1e-6,
  oneSide: 2 ** -9,
  section: 1e-7,
  negligible: 1e-3,
  curvature: 1e-4,
  newton: 1e-4,
  drowned: 1e-4,
};

/** The tolerances for numbers of this relative rounding (2^-53 of float64, 2^-24 of float32). */
export const tolerancesFor = (rounding: number): Tolerances => (rounding < 2 ** -40 ? double : single);
