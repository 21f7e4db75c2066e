import type { SpectrumLayout } from './spectrumLayout.ts';
import type { Numbers, SpectrumState } from './spectrumState.ts';

/** Bands to connect; `edge`: dotted, because the window lay off-centre at one end or both. A lone band is a dot. */
export interface Piece {
  edge: boolean;
  bands: readonly number[];
}

/** Cuts values into lines: none crosses from one run to another or over a band without a value. */
export function piecesOf(
  values: Numbers,
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

/** The values that a strip shows: of good bands; raw values of the active pixel only. */
export function shownIn(strip: 'value' | 'derivative', state: SpectrumState): Numbers[] {
  const shown = state.curves.flatMap(({ kind, values, smoothed, derivative }) =>
    strip === 'derivative' ? [derivative] : [kind === 'active' ? values : null, smoothed],
  );
  return shown.filter((numbers) => numbers !== null);
}

/** Smallest and largest value at good bands from `low` to `high` of the axis; null without any. */
export function extentOf(
  curves: readonly Numbers[],
  bandIsGood: readonly boolean[],
  { places }: SpectrumLayout,
  low: number,
  high: number,
): [number, number] | null {
  let [least, most] = [Infinity, -Infinity];
  for (const values of curves) {
    for (let bandIndex = 0; bandIndex < values.length; bandIndex++) {
      const value = values[bandIndex] ?? NaN;
      const at = places[bandIndex] ?? NaN;
      if (bandIsGood[bandIndex] !== true || !(at >= low && at <= high && Number.isFinite(value))) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  }
  return least <= most ? [least, most] : null;
}

/** The largest magnitude of all curves' derivatives: what decides the power of ten to take out. */
export const largest = (curves: readonly Numbers[]): number =>
  curves.reduce(
    (most, values) => values.reduce<number>((max, value) => Math.max(max, Math.abs(value ?? 0)), most),
    0,
  );
