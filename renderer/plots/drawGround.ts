import type { PlotColours } from './plotColours.ts';
import type { Area } from './spectrumAreas.ts';
import { pixelX, pixelY, type Box, type Strips, type View } from './spectrumView.ts';

/** What lies under the curves. */
export interface Ground {
  areas: readonly Area[];
  view: View;
  box: Box;
  strips: Strips;
  colours: PlotColours;
  ticks: Ticks;
}

/** Places of the ticks of the three axes. */
export interface Ticks {
  x: readonly number[];
  value: readonly number[];
  derivative: readonly number[];
}

type Context = CanvasRenderingContext2D;

/** Shading, grid lines and the horizontal axis. The context's unit is the CSS pixel, its origin the box's corner. */
export function drawGround(context: Context, ground: Ground): void {
  const { areas, box, view, strips, colours, ticks } = ground;
  context.save();
  // uPlot leaves the dash of the series it drew last.
  context.setLineDash([]);
  context.lineCap = 'butt';
  context.beginPath();
  context.rect(0, 0, box.width, box.height);
  context.clip();
  for (const area of areas) drawArea(context, ground, area);
  context.restore();

  context.setLineDash([]);
  context.lineWidth = 1;
  for (const tick of ticks.value)
    horizontal(context, pixelY(view.value, strips.value, tick), box.width, colours.grid);
  for (const tick of ticks.derivative) {
    const y = pixelY(view.derivative ?? [0, 1], strips.derivative, tick);
    horizontal(context, y, box.width, tick === 0 ? colours.zero : colours.grid);
  }
  horizontal(context, box.height, box.width, colours.axis);
  context.beginPath();
  for (const tick of ticks.x) vertical(context, pixelX(view.x, box, tick), box.height, box.height + 4);
  context.stroke();
}

function drawArea(context: Context, { box, view, colours }: Ground, { kind, low, high }: Area): void {
  const [left, right] = [pixelX(view.x, box, low), pixelX(view.x, box, high)];
  if (right < 0 || left > box.width) return;
  if (kind === 'overlap') {
    context.fillStyle = colours.overlap;
    context.fillRect(left, 0, right - left, box.height);
  } else if (kind !== 'join') {
    context.globalAlpha = 0.55;
    context.fillStyle = kind === 'bad' ? colours.bad : colours.gap;
    context.fillRect(left, 0, right - left, box.height);
    if (kind === 'bad') hatch(context, left, right, box.height, colours.hatch);
    context.globalAlpha = 1;
  }
  if (kind === 'bad') return;
  context.lineWidth = 1;
  context.strokeStyle = colours.join;
  context.setLineDash([2, 3]);
  context.beginPath();
  for (const x of kind === 'join' ? [(left + right) / 2] : [left, right]) vertical(context, x, 0, box.height);
  context.stroke();
  context.setLineDash([]);
}

/** Diagonal lines 5 px apart; they start from the axes' corner, so that neighbouring areas join. */
function hatch(context: Context, left: number, right: number, height: number, colour: string): void {
  context.save();
  context.beginPath();
  context.rect(left, 0, right - left, height);
  context.clip();
  context.beginPath();
  const step = 5 * Math.SQRT2;
  for (let x = Math.floor(left / step) * step; x < right + height; x += step) {
    context.moveTo(x, 0);
    context.lineTo(x - height, height);
  }
  context.lineWidth = 1;
  context.strokeStyle = colour;
  context.stroke();
  context.restore();
}

function horizontal(context: Context, at: number, width: number, colour: string): void {
  const y = Math.round(at) + 0.5;
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.stroke();
}

function vertical(context: Context, at: number, top: number, bottom: number): void {
  const x = Math.round(at) + 0.5;
  context.moveTo(x, top);
  context.lineTo(x, bottom);
}
