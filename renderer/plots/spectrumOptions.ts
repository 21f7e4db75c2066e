import uPlot from 'uplot';
import { drawCurves, drawShades, type SpectrumPicture } from './drawSpectrum.ts';
import { axisFactor, formatTicks } from './numbers.ts';
import type { Range } from './spectrumView.ts';

const FONT_SIZE = 11;

/** Titles of an axis from the longest to the shortest, made with the factor its ticks leave out. */
export type AxisTitles = (factor: string) => readonly string[];

export interface PlotState extends SpectrumPicture {
  titles: { x: readonly string[]; left: AxisTitles; right: AxisTitles };
  fontFamily: string;
}

/** uPlot with up to three axes, whose ranges, texts and colours come from `state` whenever it draws. */
export function spectrumOptions(
  state: () => PlotState,
  axes: { left: boolean; right: boolean },
): Omit<uPlot.Options, 'width' | 'height'> {
  return {
    pxAlign: false,
    cursor: { show: false },
    legend: { show: false },
    // The label of the current band has its place above the axes.
    padding: [20, null, null, null],
    series: [{}],
    scales: {
      x: { time: false, range: () => copied(state().view.x) },
      left: { range: () => copied(state().view.left) },
      right: { range: () => copied(state().view.right) },
    },
    axes: [
      xAxis(state),
      ...(axes.left ? [sideAxis(state, 'left')] : []),
      ...(axes.right ? [sideAxis(state, 'right')] : []),
    ],
    hooks: {
      drawClear: [(plot) => inAxes(plot, (context, box) => drawShades(context, state(), box))],
      draw: [(plot) => inAxes(plot, (context, box) => drawCurves(context, state(), box))],
    },
  };
}

const copied = ([low, high]: Range): [number, number] => [low, high];

/** Draws in CSS pixels from the axes' top left corner, and not beyond them. */
function inAxes(
  plot: uPlot,
  draw: (
    context: CanvasRenderingContext2D,
    box: { left: number; top: number; width: number; height: number },
  ) => void,
): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const [width, height] = [bbox.width / ratio, bbox.height / ratio];
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.translate(bbox.left, bbox.top);
  ctx.scale(ratio, ratio);
  draw(ctx, { left: bbox.left / ratio, top: bbox.top / ratio, width, height });
  ctx.restore();
}

function commonAxis(state: () => PlotState): uPlot.Axis {
  const font = `${FONT_SIZE}px ${state().fontFamily}`;
  return {
    font,
    labelFont: font,
    labelSize: 18,
    labelGap: 0,
    gap: 3,
    stroke: () => state().colours.text,
    grid: { stroke: () => state().colours.grid, width: 1 },
    ticks: { stroke: () => state().colours.border, width: 1, size: 4 },
    border: { show: true, stroke: () => state().colours.border, width: 1 },
  };
}

function xAxis(state: () => PlotState): uPlot.Axis {
  return {
    ...commonAxis(state),
    scale: 'x',
    side: 2,
    size: 24,
    space: 56,
    label: (plot) => fitting(plot, state().titles.x, plot.bbox.width / uPlot.pxRatio, state().fontFamily),
    values: (_, ticks) => formatTicks(ticks),
    ...(state().layout.axis === 'band' ? { incrs: WHOLE_STEPS } : {}),
  };
}

/** Band numbers are whole, so ticks are too. */
const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

function sideAxis(state: () => PlotState, side: 'left' | 'right'): uPlot.Axis {
  const common = commonAxis(state);
  const factor = () => {
    const [low, high] = state().view[side];
    return axisFactor(Math.max(Math.abs(low), Math.abs(high)));
  };
  return {
    ...common,
    scale: side,
    side: side === 'left' ? 3 : 1,
    space: 28,
    size: (plot, texts: string[] | null) => widest(plot, texts ?? [], state().fontFamily) + 10,
    label: (plot) =>
      fitting(
        plot,
        state().titles[side](factor().label),
        plot.bbox.height / uPlot.pxRatio,
        state().fontFamily,
      ),
    values: (_, ticks) => formatTicks(ticks, factor().factor),
    // Two grids would not tell which line belongs to which axis.
    ...(side === 'right' ? { grid: { show: false } } : {}),
  };
}

function measured<T>(plot: uPlot, family: string, measure: (widthOf: (text: string) => number) => T): T {
  plot.ctx.save();
  plot.ctx.font = `${FONT_SIZE}px ${family}`;
  const result = measure((text) => plot.ctx.measureText(text).width);
  plot.ctx.restore();
  return result;
}

const widest = (plot: uPlot, texts: readonly string[], family: string): number =>
  Math.ceil(measured(plot, family, (widthOf) => Math.max(0, ...texts.map(widthOf))));

/** The first of the titles that has room, else the last. */
const fitting = (plot: uPlot, titles: readonly string[], room: number, family: string): string =>
  measured(plot, family, (widthOf) => titles.find((title) => widthOf(title) <= room) ?? titles.at(-1) ?? '');
