import type { MaximiseAnswer, MaximiseEnd, MaximiseStart } from '../../contract/maximise.ts';
import { CubelensError } from '../../base/errors.ts';
import { seededRandom } from '../../base/random.ts';
import { throwIfAborted, type CancelOptions } from '../../base/signal.ts';
import type { SavedFacts } from '../classifier/savedFacts.ts';
import type { FrozenModel } from './frozenModel.ts';
import type { Objective, Slope } from './objective.ts';
import { fixedValues, freeInput, type MaximiseSettings } from './settings.ts';

/** Searches unless more or fewer are asked for. */
const defaultStarts = 16;
const mostSteps = 2000;
/** The smallest share that is still moved from one class to another. */
const leastMove = 1e-7;
/** Ends whose shares differ by less are one. */
const sameEnd = 1e-3;

/** One search over the shares. */
interface Search {
  from: Float64Array;
  shares: Float64Array;
  height: number;
  steps: number;
  settled: boolean;
}

/**
 * As `maximise`, with the spectrum held to the convex hull of the class means: what is searched are the shares of the classes
 * in a mixture, from 0, of sum 1. Gradient steps held to those, then shares moved from class to class, which
 * kinks do not stop. `multipliers` are the pressures on shares of 0. Throws `invalid-request` where the spectrum is not free.
 */
export function maximiseInHull(
  model: FrozenModel,
  settings: MaximiseSettings,
  { meanSpectra, classes }: SavedFacts,
  { signal, progress }: CancelOptions & { progress?: ((done: number) => void) | undefined } = {},
): MaximiseAnswer {
  const free = freeInput(model, settings.fix ?? {});
  if (model.inputs[free]?.name !== 'spectrum') {
    throw new CubelensError(
      'invalid-request',
      'The hull of the class means holds the spectrum, which is fixed.',
      {
        field: 'hull',
        remedy: 'Leave the spectrum free.',
      },
    );
  }
  const fixed = fixedValues(model, free, settings.fix ?? {});
  const output = settings.output ?? 0;
  // Second derivatives, which are all that the range is for, are not asked for.
  const asked = { output, free, fixed, range: [] };
  const own = overShares(model.objective(asked), meanSpectra);
  const climb = overShares(model.climbed(asked), meanSpectra);
  const count = settings.starts ?? defaultStarts;
  const seed = settings.seed ?? 0;
  const searches: Search[] = [];
  for (let k = 0; k < count; k++) {
    searches.push(searchFrom(climb, startOf(classes.length, k, seed), signal));
    progress?.(k + 1);
  }
  const finite = searches.filter(({ height }) => Number.isFinite(height)).sort((a, b) => b.height - a.height);
  const ends: { shares: Float64Array; end: MaximiseEnd }[] = [];
  const starts = finite.map((search): MaximiseStart => {
    const { shares, from, steps } = search;
    let known = ends.find((one) =>
      one.shares.every((share, k) => Math.abs(share - (shares[k] as number)) <= sameEnd),
    );
    if (known === undefined) ends.push((known = { shares, end: endOf(own, search) }));
    known.end.reachedBy++;
    const { value, verdict } = known.end;
    return { from: [...from], point: [...shares], value, verdict, steps, path: [[...from], [...shares]] };
  });
  const best = ends[0]?.end;
  if (best === undefined) {
    throw new CubelensError('not-converged', 'The output of the model is not finite on the class means.', {
      field: 'hull',
      remedy: 'Check the weights.',
    });
  }
  return {
    fixed: Object.fromEntries(
      model.inputs.flatMap(({ name }, k) => (k === free ? [] : [[name, [...(fixed[k] ?? [])]]])),
    ),
    free: 'shares',
    range: classes.map(() => [0, 1]),
    output,
    seed,
    arithmetic: model.arithmetic,
    best,
    ends: ends.map(({ end }) => end),
    starts,
    notFinite: searches.length - finite.length,
  };
}

/** The mixture of the class means with these shares. */
export function mixtureOf(shares: ArrayLike<number>, means: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from({ length: means[0]?.length ?? 0 }, (_, i) =>
    means.reduce((sum, mean, k) => sum + (shares[k] as number) * (mean[i] as number), 0),
  );
}

interface OverShares {
  value: (shares: Float64Array) => number;
  slope: (shares: Float64Array) => Slope;
}

const overShares = (objective: Objective, means: readonly (readonly number[])[]): OverShares => ({
  value: (shares) => objective.value(mixtureOf(shares, means)),
  slope: (shares) => {
    const { value, gradient } = objective.slope(mixtureOf(shares, means));
    const by = (mean: readonly number[]): number =>
      mean.reduce((sum, each, i) => sum + each * (gradient[i] as number), 0);
    return { value, gradient: Float64Array.from(means, by) };
  },
});

/** The even mixture, then the classes by themselves, then shares at random (evenly over the simplex). */
function startOf(classes: number, k: number, seed: number): Float64Array {
  if (k === 0) return new Float64Array(classes).fill(1 / classes);
  if (k <= classes) return Float64Array.from({ length: classes }, (_, one) => (one === k - 1 ? 1 : 0));
  const random = seededRandom(seed, k);
  // Squares of two normal numbers sum up to an exponential one.
  const parts = Float64Array.from({ length: classes }, () => random.normal() ** 2 + random.normal() ** 2);
  const sum = parts.reduce((all, part) => all + part, 0);
  return parts.map((part) => part / sum);
}

function searchFrom(climb: OverShares, from: Float64Array, signal: CancelOptions['signal']): Search {
  let shares = from;
  let height = climb.value(shares);
  let steps = 0;
  let step = 0.1;
  while (steps < mostSteps) {
    throwIfAborted(signal);
    const { gradient } = climb.slope(shares);
    const largest = gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
    if (!(largest > 0)) break;
    const next = ontoSimplex(shares.map((share, k) => share + (step * (gradient[k] as number)) / largest));
    const there = climb.value(next);
    steps += 1;
    if (there > height) {
      const gain = there - height;
      [shares, height, step] = [next, there, Math.min(1, 2 * step)];
      if (gain <= 1e-12 * Math.max(1, Math.abs(height))) break;
    } else step /= 4;
    if (step < leastMove) break;
  }
  let settled = false;
  for (let move = 0.25; steps < 10 * mostSteps;) {
    throwIfAborted(signal);
    const better = moved(climb, shares, height, move);
    steps += 1;
    if (better !== null) ({ shares, height } = better);
    else if (move < leastMove) {
      settled = true;
      break;
    } else move /= 2;
  }
  return { from, shares, height, steps, settled };
}

/** The best of all mixtures with a share of one class given to another; null where none is higher. */
function moved(
  climb: OverShares,
  shares: Float64Array,
  height: number,
  move: number,
): { shares: Float64Array; height: number } | null {
  let best: { shares: Float64Array; height: number } | null = null;
  for (let from = 0; from < shares.length; from++) {
    const part = Math.min(move, shares[from] as number);
    if (part === 0) continue;
    for (let to = 0; to < shares.length; to++) {
      if (to === from) continue;
      const next = Float64Array.from(shares);
      next[from] = (shares[from] as number) - part;
      next[to] = (shares[to] as number) + part;
      const there = climb.value(next);
      if (there > (best?.height ?? height)) best = { shares: next, height: there };
    }
  }
  // A gain of rounding's size is none.
  return best !== null && best.height - height > 1e-13 * Math.max(1, Math.abs(height)) ? best : null;
}

/** The nearest shares: from 0, of sum 1. */
function ontoSimplex(point: Float64Array): Float64Array {
  const falling = [...point].sort((a, b) => b - a);
  let sum = 0;
  let shift = 0;
  falling.forEach((value, k) => {
    sum += value;
    if (value - (sum - 1) / (k + 1) > 0) shift = (sum - 1) / (k + 1);
  });
  return point.map((value) => Math.max(0, value - shift));
}

function endOf(own: OverShares, { shares, settled }: Search): MaximiseEnd {
  const { value, gradient } = own.slope(shares);
  // Shares change only against each other: what counts is the slope less the mean slope of the mixture.
  const mean = gradient.reduce((sum, slope, k) => sum + slope * (shares[k] as number), 0);
  const isAtBound = shares.some((share) => share === 0);
  return {
    point: [...shares],
    value,
    verdict: !settled ? 'not-converged' : isAtBound ? 'at-bound' : 'interior-maximum',
    gradient: [...gradient],
    curvature: [],
    newtonStep: null,
    multipliers: [...gradient].map((slope, k) => (shares[k] === 0 ? Math.max(0, mean - slope) : 0)),
    sensitivity: null,
    restarts: { tried: 0, returned: 0 },
    rise: null,
    reachedBy: 0,
  };
}
