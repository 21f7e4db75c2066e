import { scaleLinear } from 'd3-scale';
import type { VaeDescription, VaeTraining } from '../../contract/vae.ts';

const size = { width: 720, height: 440 };
const frame = { left: 78, right: 560, top: 52, bottom: 384 };
const ink = { text: '#1b1f24', line: '#c4c9d0', faint: '#5b6470', paper: '#ffffff' };
/** Of curves and classes; told apart by those who see colours otherwise (M. Okabe, K. Ito, 2008). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#7a5195'];
const colourOf = (k: number): string => colours[k % colours.length] ?? ink.text;
/** Points of a scatter: more only cover each other. */
const mostPoints = 2000;

interface Curve {
  name: string;
  colour: string;
  dashed?: boolean;
  points: [x: number, y: number][];
}

/** How training went as a self-contained SVG: -ELBO, reconstruction, held-out loss and KL of each dimension over the epochs. */
export function lossSvg({ epochs, keptEpoch, stop }: VaeTraining): string {
  const of = (
    name: string,
    colour: string,
    value: (k: number) => number | undefined,
    dashed = false,
  ): Curve => ({
    name,
    colour,
    dashed,
    points: epochs.flatMap(({ epoch }, k): [number, number][] => {
      const y = value(k);
      return y === undefined || !Number.isFinite(y) ? [] : [[epoch, y]];
    }),
  });
  const latent = epochs[0]?.klPerDimension.length ?? 0;
  const losses = [
    of('-ELBO', colourOf(0), (k) => -(epochs[k]?.elbo ?? NaN)),
    of('reconstruction', colourOf(1), (k) => epochs[k]?.reconstruction),
    of('held out', colourOf(2), (k) => epochs[k]?.validation, true),
  ].filter(({ points }) => points.length > 0);
  const divergences = Array.from({ length: Math.min(latent, 8) }, (_, d) =>
    of(`KL of z${d + 1}`, colourOf(d), (k) => epochs[k]?.klPerDimension[d]),
  );
  const middle = (frame.top + frame.bottom) / 2;
  const ended = { epochs: 'all epochs', patience: 'no better for long', diverged: 'the loss diverged' }[stop];
  return page(
    'Training of the autoencoder',
    `${epochs.length} epochs, weights of epoch ${keptEpoch} kept (${ended})`,
    [
      plot(losses, { ...frame, bottom: middle - 22 }, 'nats a sample', null),
      plot(divergences, { ...frame, top: middle + 14 }, 'KL, nats', 'epoch'),
    ].join('\n'),
  );
}

/**
 * The means of all samples over the two dimensions with the largest divergence (one: over its deviation), by class where
 * there are some, as a self-contained SVG.
 */
export function latentSvg(
  { rows, latent, mu, sigma }: { rows: number; latent: number; mu: Float32Array; sigma: Float32Array },
  { dimensions }: Pick<VaeDescription, 'dimensions'>,
  classes: { ofRow: Int32Array; names: string[] } | null,
): string {
  const order = dimensions.toSorted((a, b) => b.kl - a.kl).map(({ index }) => index);
  const [first = 0, second] = order;
  const step = Math.max(1, Math.ceil(rows / mostPoints));
  const points: { x: number; y: number; place: number }[] = [];
  for (let row = 0; row < rows; row += step) {
    const x = mu[row * latent + first] ?? NaN;
    const y =
      second === undefined ? (sigma[row * latent + first] ?? NaN) : (mu[row * latent + second] ?? NaN);
    if (Number.isFinite(x) && Number.isFinite(y)) points.push({ x, y, place: classes?.ofRow[row] ?? -1 });
  }
  const across = scaleLinear(padded(points.map(({ x }) => x)), [frame.left, frame.right]);
  const up = scaleLinear(padded(points.map(({ y }) => y)), [frame.bottom, frame.top]);
  const names = classes?.names ?? [];
  const dots = points
    // Samples without a class lie below.
    .toSorted((a, b) => a.place - b.place)
    .map(
      ({ x, y, place }) =>
        `<circle cx="${at(across(x))}" cy="${at(up(y))}" r="1.8" fill="${place < 0 ? (classes === null ? colourOf(0) : ink.line) : colourOf(place)}" fill-opacity="0.55"/>`,
    );
  const used = names.map((name, place) => ({ name, colour: colourOf(place) }));
  return page(
    'Where the samples lie in the latent space',
    `the mean of each sample's own Gaussian; ${points.length} of ${rows} samples`,
    [
      axes(
        across,
        up,
        frame,
        second === undefined ? `sigma of z${first + 1}` : `mu of z${second + 1}`,
        `mu of z${first + 1}`,
      ),
      ...dots,
      legend(used.length > 12 ? used.slice(0, 12) : used, frame.top),
    ].join('\n'),
  );
}

type Scale = ReturnType<typeof scaleLinear<number, number>>;
type Frame = typeof frame;

function plot(curves: readonly Curve[], place: Frame, yLabel: string, xLabel: string | null): string {
  const all = curves.flatMap(({ points }) => points);
  const xs = all.map(([x]) => x);
  // The steep first tenth would flatten the rest: it may leave the frame.
  const shown = curves.flatMap(({ points }) => points.slice(Math.floor(points.length / 10)));
  const across = scaleLinear(
    [least(xs, 0), Math.max(least(xs, 0) + 1, most(xs, 1))],
    [place.left, place.right],
  );
  const up = scaleLinear(padded(shown.map(([, y]) => y)), [place.bottom, place.top]).clamp(true);
  const lines = curves.map(({ points, colour, dashed }) => {
    const path = points.map(([x, y], k) => `${k === 0 ? 'M' : 'L'}${at(across(x))} ${at(up(y))}`).join('');
    const dash = dashed === true ? ' stroke-dasharray="5 3"' : '';
    return points.length === 1
      ? `<circle cx="${at(across(xs[0] ?? 0))}" cy="${at(up(points[0]?.[1] ?? 0))}" r="2.5" fill="${colour}"/>`
      : `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.6"${dash}/>`;
  });
  return [axes(across, up, place, yLabel, xLabel), ...lines, legend(curves, place.top)].join('\n');
}

function axes(across: Scale, up: Scale, place: Frame, yLabel: string, xLabel: string | null): string {
  const middle = (place.top + place.bottom) / 2;
  return [
    ...up
      .ticks(5)
      .map(
        (tick) =>
          `<line x1="${place.left}" x2="${place.right}" y1="${at(up(tick))}" y2="${at(up(tick))}" stroke="${ink.line}" stroke-width="0.6"/>` +
          `<text x="${place.left - 8}" y="${at(up(tick) + 4)}" text-anchor="end" fill="${ink.faint}">${up.tickFormat(5)(tick)}</text>`,
      ),
    ...across
      .ticks(8)
      .map(
        (tick) =>
          `<text x="${at(across(tick))}" y="${place.bottom + 18}" text-anchor="middle" fill="${ink.faint}">${across.tickFormat(8)(tick)}</text>`,
      ),
    `<rect x="${place.left}" y="${place.top}" width="${place.right - place.left}" height="${at(place.bottom - place.top)}" fill="none" stroke="${ink.faint}"/>`,
    `<text transform="translate(20 ${at(middle)}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
    xLabel === null
      ? ''
      : `<text x="${(place.left + place.right) / 2}" y="${place.bottom + 38}" text-anchor="middle">${escaped(xLabel)}</text>`,
  ].join('\n');
}

const legend = (
  entries: readonly { name: string; colour: string; dashed?: boolean }[],
  top: number,
): string =>
  entries
    .map(
      ({ name, colour, dashed }, k) =>
        `<line x1="${frame.right + 14}" x2="${frame.right + 32}" y1="${top + 10 + 18 * k}" y2="${top + 10 + 18 * k}" stroke="${colour}" stroke-width="3"${dashed === true ? ' stroke-dasharray="5 3"' : ''}/>` +
        `<text x="${frame.right + 38}" y="${top + 14 + 18 * k}">${escaped(name.length > 16 ? `${name.slice(0, 15)}…` : name)}</text>`,
    )
    .join('\n');

const page = (title: string, below: string, body: string): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" font-family="sans-serif" font-size="12" fill="${ink.text}">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(below)}</desc>`,
    `<rect width="${size.width}" height="${size.height}" fill="${ink.paper}"/>`,
    `<text x="${frame.left}" y="22" font-size="15" font-weight="600">${escaped(title)}</text>`,
    `<text x="${frame.left}" y="40" fill="${ink.faint}">${escaped(below)}</text>`,
    body,
    '</svg>',
    '',
  ].join('\n');

const least = (values: readonly number[], otherwise: number): number =>
  values.reduce((low, value) => Math.min(low, value), values[0] ?? otherwise);
const most = (values: readonly number[], otherwise: number): number =>
  values.reduce((high, value) => Math.max(high, value), values[0] ?? otherwise);

function padded(values: readonly number[]): [number, number] {
  const [low, high] = [least(values, 0), most(values, 1)];
  const margin = high > low ? 0.05 * (high - low) : Math.max(1e-6, 0.5 * Math.abs(low));
  return [low - margin, high + margin];
}

const at = (value: number): string => String(Math.round(value * 10) / 10);
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
