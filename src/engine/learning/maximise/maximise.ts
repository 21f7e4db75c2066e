import type { MaximiseAnswer, MaximiseEnd, MaximiseRise, MaximiseStart } from '../../contract/maximise.ts';
import { CubelensError } from '../../base/errors.ts';
import { seededRandom } from '../../base/random.ts';
import { throwIfAborted, type CancelOptions, type CancelSignal } from '../../base/signal.ts';
import { ascend } from './ascent.ts';
import { Box, clamp } from './box.ts';
import { ascendOverKinks, steepestBeside } from './kinkAscent.ts';
import type { FrozenModel } from './frozenModel.ts';
import { largest, type Objective } from './objective.ts';
import { freeInput, fixedValues, rangeOf, type MaximiseSettings } from './settings.ts';
import { startPoints } from './starts.ts';
import { tolerancesFor } from './tolerances.ts';
import { judge } from './verdict.ts';

/** Ends nearer than this (in the input's units; relative to ranges below 1) are one. */
const sameEnd = 1e-3;
const defaultStarts = 32;
/** Searches of more components than this, unless it is said how many: the evidence for each end takes seconds. */
const [manyComponents, fewStarts] = [50, 8];
const longestPath = 200;

/** Called with the number of searches done, and whether what they found is being judged now. */
export type SearchProgress = (done: number, isJudging?: boolean) => void;

/** What a search is told beside its settings. */
export interface SearchOptions extends CancelOptions {
  progress?: SearchProgress | undefined;
  /** Throws, before the search begins, where nothing can be done with what is free. */
  check?: ((free: string, components: number) => void) | undefined;
}

/** One search in the input's own units. */
interface Search {
  from: Float64Array;
  point: Float64Array;
  /** Of the climbed function: it still tells ends apart where the output has rounded to its limit. */
  height: number;
  value: number;
  steps: number;
  settled: boolean;
  isKink: boolean;
  path: number[][];
}

/**
 * Which value of the one input that is not fixed maximises a component of a frozen model's output? Many seeded searches
 * in the range, each end with a verdict and its evidence, highest first. The same request gives
 * the same answer. Where the output saturates (sigmoid, tanh, softmax ...) the searches climb its logit; `value`,
 * `gradient` and `curvature` are always the output's own.
 * Throws `invalid-request` where names, lengths or ranges do not fit the model, `cancelled` where the signal is aborted,
 * `not-converged` where the output is nowhere finite.
 * @param progress - called with the number of searches done; `isJudging` once all are, before the verdicts.
 */
export function maximise(
  model: FrozenModel,
  settings: MaximiseSettings,
  { signal, progress, check }: SearchOptions = {},
): MaximiseAnswer {
  const output = settings.output ?? 0;
  const components = model.outputs;
  if (output >= components) {
    throw new CubelensError(
      'invalid-request',
      `The model has ${components} outputs, none of index ${output}.`,
      {
        field: 'output',
        remedy: `Choose an output from 0 to ${components - 1}.`,
      },
    );
  }
  const free = freeInput(model, settings.fix ?? {});
  const fixed = fixedValues(model, free, settings.fix ?? {});
  const range = rangeOf(model, free, settings.range);
  check?.(model.inputs[free]?.name ?? '', range.length);
  const box = new Box(range);
  const seed = settings.seed ?? 0;
  const own = model.objective({ output, free, fixed, range });
  const climb = model.climbed({ output, free, fixed, range });
  const count = settings.starts ?? (box.size > manyComponents ? fewStarts : defaultStarts);
  const starts = startPoints(climb, box, count, seed, signal);
  const searches = starts.map((from, k) => {
    const search = searchFrom(own, climb, box, from, model.hasKinks, seed, k, signal);
    progress?.(k + 1);
    return search;
  });
  progress?.(searches.length, true);
  const finite = searches.filter(({ value }) => Number.isFinite(value)).sort(higher);
  if (finite.length === 0) {
    throw new CubelensError('not-converged', 'The output of the model is not finite in this range.', {
      field: 'range',
      remedy: 'Choose a smaller range, or check the weights.',
    });
  }
  const isKinked = model.hasKinks;
  const again = (from: Float64Array): Float64Array =>
    searchFrom(own, climb, box, from, isKinked, seed, 0, signal).point;
  const ends: { search: Search; end: MaximiseEnd }[] = [];
  const answered: MaximiseStart[] = [];
  for (const search of finite) {
    throwIfAborted(signal);
    let known = ends.find(({ search: other }) => areOne(box, other.point, search.point));
    if (known === undefined) {
      known = { search, end: endOf(own, climb, box, search, again, signal) };
      ends.push(known);
    }
    known.end.reachedBy++;
    const { from, point, value, steps, path } = search;
    answered.push({ from: [...from], point: [...point], value, verdict: known.end.verdict, steps, path });
  }
  // Of plateaus of one height the one that a search rose onto tells more.
  const rose = ({ end }: { end: MaximiseEnd }): number => Number((end.rise?.lastSlope ?? null) !== null);
  ends.sort((a, b) =>
    a.end.value === b.end.value && a.end.verdict === b.end.verdict ? rose(b) - rose(a) : 0,
  );
  const best = ends[0]?.end as MaximiseEnd;
  return {
    fixed: Object.fromEntries(
      model.inputs.flatMap(({ name }, k) => (k === free ? [] : [[name, [...(fixed[k] ?? [])]]])),
    ),
    free: model.inputs[free]?.name ?? '',
    range,
    output,
    seed,
    arithmetic: model.arithmetic,
    best,
    ends: ends.map(({ end }) => end),
    starts: answered,
    notFinite: searches.length - finite.length,
  };
}

const higher = (a: Search, b: Search): number => b.value - a.value || b.height - a.height;

function searchFrom(
  own: Objective,
  climb: Objective,
  box: Box,
  from: Float64Array,
  isKinked: boolean,
  seed: number,
  stream: number,
  signal: CancelSignal | undefined,
): Search {
  const path: number[][] = [];
  const visit = (unit: Float64Array): void => void path.push([...box.point(unit)]);
  const ascent = ascend(climb, box, from, signal, visit);
  let { unit, value: height, steps, settled } = ascent;
  let isKink = false;
  const { slopeLeft, slopeBeside } = tolerancesFor(climb.rounding);
  const random = seededRandom(seed, stream + 1);
  const beside = isKinked ? steepestBeside(climb, box, unit, random) : 0;
  const steepest = Math.max(ascent.steepest, beside);
  // A search may jam on a ridge, or stand exactly on it, where the derivative is that of neither side.
  if (
    isKinked &&
    (ascent.uphill > slopeLeft * steepest || (ascent.uphill === 0 && beside > slopeBeside * steepest))
  ) {
    const over = ascendOverKinks(climb, box, unit, random, steepest, signal, visit);
    ({ unit, value: height, settled, isKink } = over);
    steps += over.steps;
  }
  const point = box.point(unit);
  const value = own.value(point);
  return { from: box.point(from), point, height, value, steps, settled, isKink, path: thinned(path) };
}

function endOf(
  own: Objective,
  climb: Objective,
  box: Box,
  { from, point, path, isKink, settled }: Search,
  again: (from: Float64Array) => Float64Array,
  signal: CancelSignal | undefined,
): MaximiseEnd {
  const restart = (): { tried: number; returned: number } => {
    const unit = box.unit(point);
    // A low hill beside a higher one has a small basin: come closer where nothing returns.
    let tried = 0;
    for (const move of [0.01, 0.001, 0.0001]) {
      const besides = [...unit.keys()]
        .slice(0, 6)
        .flatMap((i) => [-move, move].map((by) => unit.map((u, k) => (k === i ? clamp(u + by) : u))));
      tried += besides.length;
      const returned = besides.filter((beside) => areOne(box, again(beside), point)).length;
      if (returned > 0) return { tried, returned };
    }
    return { tried, returned: 0 };
  };
  const judgement = judge(own, box, { point, isKink, settled, climb, restart, signal });
  const rise = judgement.verdict === 'plateau' ? riseOf(own, from, path, signal) : null;
  return { point: [...point], ...judgement, rise, reachedBy: 0 };
}

/** How a search rose onto a plateau. */
function riseOf(
  own: Objective,
  from: Float64Array,
  path: readonly number[][],
  signal: CancelSignal | undefined,
): MaximiseRise {
  let lastSlope: MaximiseRise['lastSlope'] = null;
  for (const point of path.toReversed()) {
    throwIfAborted(signal);
    const { value, gradient } = own.slope(Float64Array.from(point));
    const steepness = largest(gradient);
    if (steepness === 0) continue;
    lastSlope = { point, value, steepness };
    break;
  }
  return { from: [...from], fromValue: own.value(from), lastSlope };
}

const areOne = (box: Box, a: Float64Array, b: Float64Array): boolean =>
  a.every((y, i) => Math.abs(y - (b[i] as number)) <= sameEnd * Math.min(1, box.width[i] as number));

/** At most `longestPath` points, first and last among them. */
function thinned(path: number[][]): number[][] {
  if (path.length <= longestPath) return path;
  const every = (path.length - 1) / (longestPath - 1);
  return Array.from({ length: longestPath }, (_, k) => path[Math.round(k * every)] as number[]);
}
