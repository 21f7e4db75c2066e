import type { CalibrationPoints, CalibrationView, PlanePoint } from '../contract/calibration.ts';
import { invalid } from './problems.ts';

/** Points of one view, ready to compute with: [X, Y, u, v] a point. */
export interface ViewPoints {
  /** Index in the request, from 0. */
  index: number;
  name: string;
  count: number;
  /** X, Y of each point, on the board. */
  object: Float64Array;
  /** u, v of each point, in pixels. */
  image: Float64Array;
}

/** Most points of one calibration: a worker holds them twice. */
const mostPoints = 1_000_000;
/** Share of the points' extent that they must leave a line by; rounded corners of a photo leave it by more. */
const lineTolerance = 1e-6;

/**
 * Sorts the views into those that can be used and those that cannot, each with its reason: no points, unequal counts, a
 * number that is none, fewer than four points, points on one line. Throws `invalid-request` for an image size that is
 * none, for no views at all, two views of one name, and more points than are taken.
 */
export function checkedViews(points: CalibrationPoints): {
  usable: ViewPoints[];
  /** By the view's index. */
  reasons: Map<number, string>;
} {
  const { imageSize, views } = points;
  if (imageSize.length !== 2 || !imageSize.every((size) => Number.isInteger(size) && size > 0)) {
    throw invalid(
      'imageSize',
      `The image size is ${JSON.stringify(imageSize)}, not two whole numbers of pixels above 0.`,
      'Give the width and height of the photos in pixels.',
    );
  }
  if (views.length === 0)
    throw invalid('views', 'There are no views.', 'Give the points of three or more views.');
  const names = new Set<string>();
  for (const { name } of views) {
    if (names.has(name)) {
      throw invalid('views', `Two views are named ${name}.`, 'Give each view a name of its own.');
    }
    names.add(name);
  }
  const total = views.reduce((sum, { image }) => sum + image.length, 0);
  if (total > mostPoints) {
    throw invalid(
      'views',
      `There are ${total} points, more than ${mostPoints}.`,
      'Leave views out: a hundred of them are plenty.',
    );
  }
  const usable: ViewPoints[] = [];
  const reasons = new Map<number, string>();
  views.forEach((view, index) => {
    const reason = faultOf(view);
    if (reason !== null) {
      reasons.set(index, reason);
      return;
    }
    const numbers = (list: readonly PlanePoint[]): Float64Array =>
      Float64Array.from(list.flatMap(([x, y]) => [x ?? NaN, y ?? NaN]));
    usable.push({
      index,
      name: view.name,
      count: view.image.length,
      object: numbers(view.object),
      image: numbers(view.image),
    });
  });
  return { usable, reasons };
}

/** What keeps a view from being used, in words; null where nothing does. */
function faultOf({ object, image, fault: stated }: CalibrationView): string | null {
  if (object.length !== image.length) {
    return `it has ${object.length} points on the board, but ${image.length} in the image`;
  }
  if (image.length === 0) return stated ?? 'no board was found in it';
  const fault = notNumber(object, ['X', 'Y']) ?? notNumber(image, ['u', 'v']);
  if (fault !== null) return fault;
  if (image.length < 4) {
    return `it has ${image.length} ${image.length === 1 ? 'point' : 'points'}, and four are the least`;
  }
  if (onOneLine(object)) return 'its points on the board lie on one line';
  if (onOneLine(image)) return 'its points in the image lie on one line';
  return null;
}

function notNumber(list: readonly PlanePoint[], names: readonly [string, string]): string | null {
  for (const [i, point] of list.entries()) {
    for (const axis of [0, 1] as const) {
      const value = point[axis];
      if (value === null || !Number.isFinite(value)) {
        return `${names[axis]} of its point ${i + 1} is ${value === null ? 'missing' : value}, not a number`;
      }
    }
  }
  return null;
}

/** By the ratio of the two extents of their scatter. */
function onOneLine(list: readonly PlanePoint[]): boolean {
  const n = list.length;
  const mean = [0, 1].map((axis) => list.reduce((sum, point) => sum + Number(point[axis as 0 | 1]), 0) / n);
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of list) {
    const [dx, dy] = [Number(x) - Number(mean[0]), Number(y) - Number(mean[1])];
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const largest = (xx + yy) / 2 + Math.hypot((xx - yy) / 2, xy);
  // The product of both extents over the larger one: the difference would cancel.
  const smallest = (xx * yy - xy * xy) / largest;
  return !(smallest > lineTolerance ** 2 * largest);
}
