import { scaleLinear } from 'd3-scale';
import type { VaeSpectrum, VaeTraversal } from '../../contract/vaeSpectra.ts';
import { at, axes, colourOf, frame, ink, least, legend, most, padded, page, type Scale } from './chart.ts';

/** Dimensions that a picture of traversals shows. */
const mostPanels = 12;
/** Height of one panel with its axis. */
const panelHeight = 210;

/** A pixel's spectrum, what the mean of its Gaussian decodes to, and two standard deviations to both sides, as a self-contained SVG. */
export function spectrumSvg(spectrum: VaeSpectrum): string {
  const { line, sample, mu, sigma, measured, decoded, sd } = spectrum;
  const [low, high] = [-2, 2].map((times) => decoded.map((value, k) => value + times * (sd[k] ?? 0)));
  const { x, xLabel, across } = spectralAxis(spectrum);
  const up = scaleLinear(padded([...measured, ...(low ?? []), ...(high ?? [])]), [frame.bottom, frame.top]);
  const bands = stretchesOf(x).map(([from, to]) => {
    const there = path(x, high ?? [], across, up, from, to);
    const back = path(x.toReversed(), (low ?? []).toReversed(), across, up, x.length - to, x.length - from);
    return `<path d="${there}L${back.slice(1)}Z" fill="${colourOf(0)}" fill-opacity="0.2"/>`;
  });
  const shown = mu.slice(0, 5).map((one, k) => `z${k + 1} ${short(one)} ± ${short(sigma[k] ?? NaN)}`);
  return page(
    `The Gaussian of the pixel at line ${line}, sample ${sample}`,
    `${shown.join(', ')}${mu.length > 5 ? ', ...' : ''}`,
    [
      axes(across, up, frame, 'value', xLabel),
      ...bands,
      curve(x, decoded, across, up, colourOf(0)),
      curve(x, measured, across, up, ink.text),
      legend(
        [
          { name: 'measured', colour: ink.text },
          { name: 'decoded from mu', colour: colourOf(0) },
          { name: '± 2 deviations', colour: '#cce3f0' },
        ],
        frame.top,
      ),
    ].join('\n'),
  );
}

/** What each latent dimension does to the spectrum, a panel a dimension, as a self-contained SVG. */
export function traversalSvg(traversal: VaeTraversal): string {
  const { from, offsets, spectra } = traversal;
  const panels = spectra.slice(0, mostPanels);
  const { x, xLabel } = spectralAxis(traversal);
  const all = panels.flat(2);
  const body = panels.map((steps, dimension) => {
    const top = frame.top + dimension * panelHeight;
    const place = { ...frame, top, bottom: top + panelHeight - 56 };
    const { across } = spectralAxis(traversal);
    const up = scaleLinear(padded(all), [place.bottom, place.top]);
    const value = (step: number): string => short((from[dimension] ?? 0) + (offsets[step] ?? 0));
    const middle = Math.floor((offsets.length - 1) / 2);
    const named = [...new Set([0, middle, offsets.length - 1])];
    return [
      axes(across, up, place, 'value', dimension === panels.length - 1 ? xLabel : null),
      ...steps.map((values, step) => curve(x, values, across, up, stepColour(step, offsets.length))),
      legend(
        named.map((step) => ({
          name: `z${dimension + 1} = ${value(step)}`,
          colour: stepColour(step, offsets.length),
        })),
        top,
      ),
    ].join('\n');
  });
  const point = from.every((one) => one === 0)
    ? 'the others are 0'
    : `the others stay where a pixel has them`;
  const more = spectra.length > mostPanels ? `; the first ${mostPanels} of ${spectra.length} dimensions` : '';
  return page(
    'What each latent dimension does to the spectrum',
    `${offsets.length} steps along one coordinate, ${point}${more}`,
    body.join('\n'),
    frame.top + panels.length * panelHeight + 6,
  );
}

/** Wavelengths where they are known, else numbers of the columns from 1. */
function spectralAxis({ names, wavelengthsNm }: Pick<VaeSpectrum, 'names' | 'wavelengthsNm'>): {
  x: number[];
  xLabel: string;
  across: Scale;
} {
  const x = wavelengthsNm ?? names.map((_, k) => k + 1);
  const [first, last] = [least(x, 0), most(x, 1)];
  return {
    x,
    xLabel: wavelengthsNm === null ? 'column' : 'wavelength, nm',
    across: scaleLinear([first, last > first ? last : first + 1], [frame.left, frame.right]),
  };
}

/** Stretches of columns without a gap between them (of more than four usual steps), as first and past the last. */
function stretchesOf(x: readonly number[]): [number, number][] {
  const gaps = x.slice(1).map((value, k) => Math.abs(value - (x[k] ?? 0)));
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const starts = [0, ...gaps.flatMap((gap, k) => (gap > 4 * usual ? [k + 1] : []))];
  return starts.map((from, k) => [from, starts[k + 1] ?? x.length]);
}

function path(
  x: readonly number[],
  y: readonly number[],
  across: Scale,
  up: Scale,
  from: number,
  to: number,
): string {
  return x
    .slice(from, to)
    .map((value, k) => `${k === 0 ? 'M' : 'L'}${at(across(value))} ${at(up(y[from + k] ?? 0))}`)
    .join('');
}

const curve = (
  x: readonly number[],
  y: readonly number[],
  across: Scale,
  up: Scale,
  colour: string,
): string =>
  `<path d="${stretchesOf(x)
    .map(([from, to]) => path(x, y, across, up, from, to))
    .join('')}" fill="none" stroke="${colour}" stroke-width="1.3"/>`;

/** From blue over grey to red. */
function stepColour(step: number, steps: number): string {
  const share = steps < 2 ? 0 : (2 * step) / (steps - 1) - 1;
  const [middle, end] = [[150, 150, 150], share < 0 ? [0, 90, 181] : [200, 40, 20]];
  const mixed = middle.map((grey, k) => Math.round(grey + Math.abs(share) * ((end[k] ?? 0) - grey)));
  return `rgb(${mixed.join(',')})`;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
