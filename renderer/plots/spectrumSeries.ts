import uPlot from 'uplot';
import { pinStyle, type PlotColours } from './plotColours.ts';
import { piecesOf } from './spectrumCurves.ts';
import type { SpectrumLayout } from './spectrumLayout.ts';
import type { Numbers, SpectrumCurve, SpectrumState } from './spectrumState.ts';
import type { Box, Strips } from './spectrumView.ts';

/** How far curves may leave their strip, for values a little beyond its last tick. */
const CLIP_MARGIN = 4;

/** What the series read when they are drawn. */
export interface Drawn {
  layout: SpectrumLayout;
  state: SpectrumState;
  colours: PlotColours;
  box: Box;
  strips: Strips;
}

/** One series of the plot: a part of a curve that has one stroke. */
export interface Stroke {
  curve: number;
  kind: 'raw' | 'smoothed' | 'derivative';
  /** The dotted part. */
  edge: boolean;
}

/** Series from below to above: pins from the last on, then the active pixel. */
export function strokesOf({ curves }: Pick<SpectrumState, 'curves'>): Stroke[] {
  const drawn = curves
    .map((curve, index) => ({ curve, index }))
    .toSorted((a, b) => rank(b.curve) - rank(a.curve));
  return drawn.flatMap(({ curve, index }) => [
    ...(curve.kind === 'active' ? [{ curve: index, kind: 'raw' as const, edge: false }] : []),
    ...(['smoothed', 'derivative'] as const).flatMap((kind) =>
      curve[kind] === null ? [] : [false, true].map((edge) => ({ curve: index, kind, edge })),
    ),
  ]);
}

/** Two states with the same text can share one uPlot: only numbers differ. */
export const structureOf = ({ curves }: Pick<SpectrumState, 'curves'>): string =>
  curves
    .map(
      (curve) =>
        `${curve.kind}${curve.pinNumber ?? ''}${curve.smoothed ? 's' : ''}${curve.derivative ? 'd' : ''}`,
    )
    .join();

const rank = ({ kind, pinNumber = 0 }: SpectrumCurve): number => (kind === 'active' ? -1 : pinNumber);

/** Numbers of a series: bad bands are left out. */
const numbersOf = ({ curves }: SpectrumState, { curve, kind }: Stroke): Numbers =>
  curves[curve]?.[kind === 'raw' ? 'values' : kind] ?? [];

/** uPlot's data: the places in ascending order, and the numbers of every series in that order. */
export function dataOf(
  layout: SpectrumLayout,
  state: SpectrumState,
  strokes: readonly Stroke[],
): uPlot.AlignedData {
  const { order, places } = layout;
  return [
    order.map((bandIndex) => places[bandIndex] ?? 0),
    ...strokes.map((stroke) => {
      const numbers = numbersOf(state, stroke);
      return order.map((bandIndex) =>
        state.bandIsGood[bandIndex] === true ? (numbers[bandIndex] ?? null) : null,
      );
    }),
  ];
}

/** Widths and dashes are the design's. Colours are read at every drawing, so that a theme needs no new series. */
export function seriesOf(strokes: readonly Stroke[], drawn: () => Drawn): uPlot.Series[] {
  return [
    {},
    ...strokes.map((stroke): uPlot.Series => {
      const curve = drawn().state.curves[stroke.curve];
      const pin = curve?.kind === 'pin' ? pinStyle(curve.pinNumber ?? 1) : null;
      const colour = () => {
        const { colours } = drawn();
        return pin === null ? colours[stroke.kind] : (colours.pins[pin.colour - 1] ?? '');
      };
      const scale = stroke.kind === 'derivative' ? 'derivative' : 'value';
      if (stroke.kind === 'raw')
        return {
          scale,
          paths: () => null,
          points: { show: true, size: 3.4, width: 0, fill: colour, stroke: colour },
        };
      const width = stroke.kind === 'smoothed' ? 2 : 1.75;
      return {
        scale,
        stroke: colour,
        width: pin !== null || stroke.edge ? 1.5 : width,
        dash: stroke.edge ? [1.5, 3] : [...(pin?.dash ?? [])],
        points: { show: false },
        paths: (plot) => pathOf(plot, stroke, drawn()),
      };
    }),
  ];
}

/**
 * A curve's line, segment by segment: uPlot's own builders follow ascending x and would weave overlapping detectors into
 * each other. uPlot keeps the path until data or scales change.
 */
function pathOf(plot: uPlot, stroke: Stroke, { layout, state, strips }: Drawn): uPlot.Series.Paths {
  const numbers = numbersOf(state, stroke);
  const curve = state.curves[stroke.curve];
  const good = numbers.map((value, bandIndex) => (state.bandIsGood[bandIndex] === true ? value : null));
  const path = new Path2D();
  const scale = stroke.kind === 'derivative' ? 'derivative' : 'value';
  for (const { edge, bands } of piecesOf(good, curve?.edge ?? [], layout.runs)) {
    // Pins tell themselves apart by their dashes; theirs do not turn to dots.
    const isDotted = edge && curve?.kind !== 'pin';
    if (isDotted !== stroke.edge) continue;
    bands.forEach((bandIndex, index) => {
      const x = plot.valToPos(layout.places[bandIndex] ?? 0, 'x', true);
      const y = plot.valToPos(good[bandIndex] ?? 0, scale, true);
      if (index === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
      // A lone band: a line as long as it is wide.
      if (bands.length === 1) path.lineTo(x + 2 * uPlot.pxRatio, y);
    });
  }
  const clip = new Path2D();
  const ratio = uPlot.pxRatio;
  const [top, bottom] = strips[scale];
  clip.rect(
    plot.bbox.left,
    plot.bbox.top + (top - CLIP_MARGIN) * ratio,
    plot.bbox.width,
    (bottom - top + 2 * CLIP_MARGIN) * ratio,
  );
  return { stroke: path, fill: null, clip, flags: 1 };
}
