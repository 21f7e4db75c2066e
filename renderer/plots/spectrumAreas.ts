import type { SegmentInfo } from '../../src/engine/contract/cube.ts';

/** A stretch of the axis to mark. A `join` has no width to speak of: segments that follow each other at once. */
export interface Area {
  kind: 'bad' | 'gap' | 'overlap' | 'join';
  low: number;
  high: number;
  /** What stands above it: where there is room, and where there is little. */
  labels: readonly [long: string, short: string];
}

/** Bad bands, overlaps of detectors, gaps between segments, and joins of segments that touch. */
export function areasOf(
  segments: readonly SegmentInfo[],
  badRuns: readonly (readonly number[])[],
  places: Float64Array,
): Area[] {
  return [
    ...badAreas(badRuns, places),
    ...segments.slice(1).flatMap((segment, index) => {
      const before = segments[index];
      return before === undefined ? [] : betweenSegments(before, segment, places);
    }),
  ];
}

/** Runs that follow each other in the file and touch on the axis, such as at a join of detectors, are one area. */
function badAreas(runs: readonly (readonly number[])[], places: Float64Array): Area[] {
  const joined: number[][] = [];
  for (const run of runs) {
    const before = joined.at(-1);
    const touches =
      before?.at(-1) === (run[0] ?? 0) - 1 && touch(badArea(before, places), badArea(run, places));
    if (touches) before.push(...run);
    else joined.push([...run]);
  }
  return joined.map((run) => badArea(run, places));
}

const touch = (a: Area, b: Area): boolean => a.low <= b.high && b.low <= a.high;

function badArea(run: readonly number[], places: Float64Array): Area {
  const [first = 0, last = first] = [run[0], run.at(-1)];
  const ends = [endOf(first, last, -1, places), endOf(last, first, 1, places)];
  const name = first === last ? `bad ${first + 1}` : `bad ${first + 1}–${last + 1}`;
  const own = run.map((band) => places[band] ?? NaN);
  const reach = [...ends, ...own].filter(Number.isFinite);
  return { kind: 'bad', low: Math.min(...reach), high: Math.max(...reach), labels: [name, name] };
}

/** Halfway from a run's end band to the file's next one; as far beyond as inside where the axis turns there. */
function endOf(band: number, otherEnd: number, step: number, places: Float64Array): number {
  const at = places[band] ?? NaN;
  const outward = (places[band + step] ?? NaN) - at;
  const inward = at - (places[band - step] ?? NaN);
  const turns = band !== otherEnd && inward * outward < 0;
  if (Number.isFinite(outward) && !turns) return at + outward / 2;
  return Number.isFinite(inward) ? at + inward / 2 : at;
}

function betweenSegments(before: SegmentInfo, after: SegmentInfo, places: Float64Array): Area[] {
  // Bands between them are bad or have no place: the hatching says why the curve stops.
  if (after.firstBandIndex !== before.lastBandIndex + 1) return [];
  const [a, b] = [extent(before, places), extent(after, places)];
  const low = Math.max(a.low, b.low);
  const high = Math.min(a.high, b.high);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [];
  if (low <= high) return [{ kind: 'overlap', low, high, labels: ['detector join', 'join'] }];
  const area = { low: high, high: low };
  const usualStep = Math.max(stepOf(before), stepOf(after));
  if (low - high <= 1.75 * usualStep) return [{ kind: 'join', ...area, labels: ['join', 'join'] }];
  // Segments that follow each other in the file may have others between them on the axis.
  const isEmpty = places.every((place) => !(place > high && place < low));
  return isEmpty ? [{ kind: 'gap', ...area, labels: ['gap', 'gap'] }] : [];
}

/** Bands stand 1 apart where no step is known. */
const stepOf = ({ stepNm }: SegmentInfo): number => Math.abs(stepNm ?? 1);

function extent({ firstBandIndex, lastBandIndex }: SegmentInfo, places: Float64Array) {
  const own = places.subarray(firstBandIndex, lastBandIndex + 1).filter(Number.isFinite);
  return {
    low: own.reduce((a, b) => Math.min(a, b), Infinity),
    high: own.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

/** Where a label stands, in pixels. */
export interface PlacedLabel {
  text: string;
  x: number;
  halfWidth: number;
}

/**
 * Labels of the areas in sight, without those that would touch another one: bad bands come first, then detectors, then
 * gaps, as `areas` lists them.
 */
export function placeLabels(
  areas: readonly Area[],
  pixelOf: (place: number) => number,
  width: number,
  isWide: boolean,
): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const { low, high, labels } of areas) {
    const [left, right] = [Math.max(0, pixelOf(low)), Math.min(width, pixelOf(high))];
    if (right < left) continue;
    const x = (left + right) / 2;
    const fitting = (isWide ? labels : labels.slice(1))
      // About 5.6 px a character at 11 px.
      .map((text) => ({ text, x, halfWidth: text.length * 2.8 + 4 }))
      .find(({ halfWidth }) => placed.every((other) => Math.abs(other.x - x) >= other.halfWidth + halfWidth));
    if (fitting !== undefined) placed.push(fitting);
  }
  return placed;
}
