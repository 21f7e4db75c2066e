import { scaleLinear } from 'd3-scale';
import type { VaeDescription, VaeTraining } from '../../contract/vae.ts';
import {
  at,
  axes,
  colourOf,
  firstEntries,
  frame,
  ink,
  least,
  legend,
  most,
  padded,
  page,
  type Frame,
} from './chart.ts';

/** Points of a scatter: more only cover each other. */
const mostPoints = 2000;
/** Dimensions whose divergence is drawn, and classes that are named. */
const mostCurves = 8;
const mostClasses = 12;

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
  const divergences = Array.from({ length: latent }, (_, d) =>
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
      legend(firstEntries(used, mostClasses), frame.top),
    ].join('\n'),
  );
}

/** The first curves, and how many more there are. */
function plot(all: readonly Curve[], place: Frame, yLabel: string, xLabel: string | null): string {
  const curves = all.slice(0, mostCurves);
  const xs = curves.flatMap(({ points }) => points.map(([x]) => x));
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
  return [
    axes(across, up, place, yLabel, xLabel, true),
    ...lines,
    legend(firstEntries(all, mostCurves), place.top),
  ].join('\n');
}
