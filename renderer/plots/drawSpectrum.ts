import { seriesColour, type PlotColours } from './plotColours.ts';
import type { Curve, Piece, PlottedPixel } from './spectrumCurves.ts';
import type { Shade, SpectrumLayout } from './spectrumLayout.ts';
import { pixelX, pixelY, rangeFor, type Box, type View } from './spectrumView.ts';

/** Everything the plot draws. */
export interface SpectrumPicture {
  layout: SpectrumLayout;
  curves: readonly Curve[];
  /** Pixels whose bad bands are marked with their values; empty where points are hidden. */
  badPoints: readonly PlottedPixel[];
  bandIsGood: readonly boolean[];
  view: View;
  colours: PlotColours;
}

type Context = CanvasRenderingContext2D;

/** Height of the stripe that marks where detectors overlap. */
export const OVERLAP_STRIPE = 4;

/** Shading under grid and curves. The context's unit is the CSS pixel, its origin the axes' top left corner. */
export function drawShades(context: Context, { layout, view, colours }: SpectrumPicture, box: Box): void {
  const fills: Record<Shade['kind'], string> = {
    gap: colours.segmentGap,
    bad: colours.badBand,
    overlap: colours.textMuted,
  };
  for (const { kind, low, high } of layout.shades) {
    const left = pixelX(view, box, low);
    const width = Math.max(1, pixelX(view, box, high) - left);
    context.globalAlpha = kind === 'overlap' ? 1 : 0.45;
    context.fillStyle = fills[kind];
    context.fillRect(left, 0, width, kind === 'overlap' ? OVERLAP_STRIPE : box.height);
  }
  context.globalAlpha = 1;
}

/** Zero line, curves and points over the grid. */
export function drawCurves(context: Context, picture: SpectrumPicture, box: Box): void {
  if (picture.curves.some(({ kind }) => kind === 'derivative')) drawZero(context, picture, box);
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const curve of picture.curves) drawCurve(context, picture, box, curve);
  for (const pixel of picture.badPoints) drawBadPoints(context, picture, box, pixel);
}

function drawZero(context: Context, { view, colours }: SpectrumPicture, box: Box): void {
  const y = Math.round(pixelY(view.right, box, 0)) + 0.5;
  context.lineWidth = 1;
  context.strokeStyle = colours.textMuted;
  context.setLineDash([8, 4]);
  strokeLine(context, 0, y, box.width, y);
  context.setLineDash([]);
}

const LINES = {
  value: { width: 1, alpha: 0.4, dash: [] as number[] },
  smoothed: { width: 2, alpha: 1, dash: [] as number[] },
  derivative: { width: 1.5, alpha: 0.9, dash: [6, 4] },
};

const EDGE_DASH = [0.5, 3.5];

function drawCurve(context: Context, picture: SpectrumPicture, box: Box, curve: Curve): void {
  const { colours } = picture;
  const { width, alpha, dash } = LINES[curve.kind];
  context.strokeStyle = context.fillStyle = seriesColour(colours.series, curve.pixel.colour);
  context.lineWidth = width;
  context.globalAlpha = alpha;
  for (const edge of [false, true]) {
    context.setLineDash(edge ? EDGE_DASH : dash);
    context.beginPath();
    for (const piece of curve.pieces) {
      if (piece.edge === edge) tracePiece(context, picture, box, curve, piece);
    }
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  if (curve.kind === 'value') drawPoints(context, picture, box, curve);
}

function tracePiece(context: Context, picture: SpectrumPicture, box: Box, curve: Curve, piece: Piece): void {
  const { view, layout } = picture;
  const range = rangeFor(view, curve);
  let started = false;
  for (const bandIndex of piece.bands) {
    const x = pixelX(view, box, layout.places[bandIndex] ?? NaN);
    const y = pixelY(range, box, curve.values[bandIndex] ?? NaN);
    if (started) context.lineTo(x, y);
    else context.moveTo(x, y);
    started = true;
    // A lone band: a line without length is a dot as wide as the line.
    if (piece.bands.length === 1) context.lineTo(x, y + 0.01);
  }
}

/** Values as they are: full marks, hollow ones where the filter's window is off-centre. */
function drawPoints(context: Context, picture: SpectrumPicture, box: Box, curve: Curve): void {
  const { view, layout, colours } = picture;
  const { values, pixel } = curve;
  const radius = pointRadius(layout, view, box);
  for (const hollow of [false, true]) {
    context.beginPath();
    for (let bandIndex = 0; bandIndex < values.length; bandIndex++) {
      const value = values[bandIndex] ?? null;
      if (value === null || (pixel.edge[bandIndex] === true) !== hollow) continue;
      const x = pixelX(view, box, layout.places[bandIndex] ?? NaN);
      if (!(x > -radius && x < box.width + radius)) continue;
      const y = pixelY(view.left, box, value);
      const size = hollow ? radius + 0.6 : radius;
      context.moveTo(x + size, y);
      context.arc(x, y, size, 0, 2 * Math.PI);
    }
    if (hollow) {
      context.fillStyle = colours.surface;
      context.lineWidth = 1;
    }
    context.fill();
    if (hollow) context.stroke();
  }
}

/** Marks are smaller where bands stand close. */
function pointRadius({ order }: SpectrumLayout, view: View, box: Box): number {
  const full = view.x[1] - view.x[0];
  if (order.length < 2 || !(full > 0)) return 2.2;
  const spacing = box.width / order.length;
  return Math.min(2.2, Math.max(1.1, spacing * 0.35));
}

/** Small crosses: bad bands take no part in curve or range, but their values can be seen where in sight. */
function drawBadPoints(context: Context, picture: SpectrumPicture, box: Box, pixel: PlottedPixel): void {
  const { view, layout, colours, bandIsGood } = picture;
  context.strokeStyle = seriesColour(colours.series, pixel.colour);
  context.lineWidth = 1;
  context.beginPath();
  bandIsGood.forEach((good, bandIndex) => {
    const value = pixel.values[bandIndex] ?? null;
    if (good || value === null) return;
    const x = pixelX(view, box, layout.places[bandIndex] ?? NaN);
    const y = pixelY(view.left, box, value);
    for (const slope of [-2.2, 2.2]) {
      context.moveTo(x - 2.2, y - slope);
      context.lineTo(x + 2.2, y + slope);
    }
  });
  context.stroke();
}

function strokeLine(context: Context, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}
