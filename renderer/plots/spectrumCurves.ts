import type { SpectrumLayout } from './spectrumLayout.ts';

/** The spectrum of one pixel as it is plotted: arrays with one entry a band, in file order; null is no value. */
export interface PlottedPixel {
  /** Unlike any other pixel's. */
  key: string;
  /** For people: "Pixel 40, 100". */
  label: string;
  /** The number of its series colour, 1 to 8. */
  colour: number;
  line: number;
  sample: number;
  values: readonly (number | null)[];
  smoothed: readonly (number | null)[] | null;
  derivative: readonly (number | null)[] | null;
  /** True where the filter's window was evaluated off-centre, at a segment's end. */
  edge: readonly boolean[];
}

/** What of a pixel is drawn. */
export interface Shown {
  points: boolean;
  smoothed: boolean;
  derivative: boolean;
}

export type CurveKind = 'value' | 'smoothed' | 'derivative';

/** Bands to connect; `edge`: dotted, because the window lay off-centre at one end or both. A lone band is a dot. */
export interface Piece {
  edge: boolean;
  bands: readonly number[];
}

export interface Curve {
  pixel: PlottedPixel;
  kind: CurveKind;
  /** By band; bad bands are null, so that they neither count for the range nor get a line. */
  values: readonly (number | null)[];
  pieces: readonly Piece[];
}

/** All curves to draw, pixel by pixel, the first pixel last, so that it lies on top. */
export function curvesOf(
  series: readonly PlottedPixel[],
  layout: SpectrumLayout,
  bandIsGood: readonly boolean[],
  show: Shown,
): Curve[] {
  const none = bandIsGood.map(() => false);
  return series.toReversed().flatMap((pixel) => {
    const curve = (kind: CurveKind, values: readonly (number | null)[], edge: readonly boolean[]): Curve => {
      const good = values.map((value, bandIndex) => (bandIsGood[bandIndex] === true ? value : null));
      return { pixel, kind, values: good, pieces: piecesOf(good, edge, layout.runs) };
    };
    return [
      ...(show.derivative && pixel.derivative !== null
        ? [curve('derivative', pixel.derivative, pixel.edge)]
        : []),
      ...(show.points ? [curve('value', pixel.values, none)] : []),
      ...(show.smoothed && pixel.smoothed !== null ? [curve('smoothed', pixel.smoothed, pixel.edge)] : []),
    ];
  });
}

/** Cuts values into lines: none crosses from one run to another or over a band without a value. */
export function piecesOf(
  values: readonly (number | null)[],
  edge: readonly boolean[],
  runs: readonly (readonly number[])[],
): Piece[] {
  const pieces: Piece[] = [];
  for (const run of runs) {
    let open: number[] = [];
    let dotted = false;
    const close = () => {
      if (open.length > 0) pieces.push({ edge: dotted, bands: open });
    };
    for (const bandIndex of run) {
      const previous = open.at(-1);
      const isEdge = edge[bandIndex] === true;
      if ((values[bandIndex] ?? null) === null) {
        close();
        open = [];
      } else if (previous === undefined) {
        [open, dotted] = [[bandIndex], isEdge];
      } else {
        // A line is dotted if either of its ends is an edge band; where that changes a new piece begins.
        const isDotted = isEdge || edge[previous] === true;
        if (open.length > 1 && isDotted !== dotted) {
          close();
          open = [previous];
        }
        dotted = isDotted;
        open.push(bandIndex);
      }
    }
    close();
  }
  return pieces;
}

/** Smallest and largest value of curves among bands from `low` to `high` of the axis; null without any. */
export function extentOf(
  curves: readonly Curve[],
  { places }: SpectrumLayout,
  low: number,
  high: number,
): [number, number] | null {
  let [least, most] = [Infinity, -Infinity];
  for (const { values } of curves) {
    for (let bandIndex = 0; bandIndex < values.length; bandIndex++) {
      const value = values[bandIndex] ?? NaN;
      const at = places[bandIndex] ?? NaN;
      if (!(at >= low && at <= high && Number.isFinite(value))) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return least <= most ? [least, most] : null;
}

/** An axis for these values: 5 % to spare at both ends, `include` within it where given; 0 to 1 without values. */
export function paddedRange(extent: readonly [number, number] | null, include?: number): [number, number] {
  if (extent === null) return [0, 1];
  const least = Math.min(extent[0], include ?? Infinity);
  const most = Math.max(extent[1], include ?? -Infinity);
  const width = most - least;
  const spare = width > 0 ? width * 0.05 : Math.abs(most) * 0.05 || 0.5;
  return [least - spare, most + spare];
}
