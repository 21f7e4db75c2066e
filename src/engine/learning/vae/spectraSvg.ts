import { scaleLinear } from 'd3-scale';
import { axes, colourOf, frame, ink, legend, padded, page } from './chart.ts';
import { digits } from './digits.ts';
import { spectrumAtStep, type PixelGaussian, type Traversal } from './spectra.ts';
import { between, curve, spectralAxis } from './spectralAxis.ts';

/** Height of one panel with its axis. */
const panelHeight = 210;

/** A pixel's spectrum, what the mean of its Gaussian decodes to, and two standard deviations to both sides, as a self-contained SVG. */
export function spectrumSvg(spectrum: PixelGaussian): string {
  const { line, sample, mu, sigma, measured, decoded, sd } = spectrum;
  const [low = [], high = []] = [-2, 2].map((times) =>
    decoded.map((value, k) => value + times * (sd[k] ?? 0)),
  );
  const axis = spectralAxis(spectrum);
  const up = scaleLinear(padded([...measured, ...low, ...high]), [frame.bottom, frame.top]);
  return page(
    `The Gaussian of the pixel at line ${line}, sample ${sample}`,
    listed(
      mu.map((one, k) => `z${k + 1} ${short(one)} ± ${short(sigma[k] ?? NaN)}`),
      5,
    ),
    [
      axes(axis.across, up, frame, 'value', axis.label, axis.isCounted),
      between(axis, low, high, up, colourOf(0)),
      curve(axis, decoded, up, colourOf(0)),
      curve(axis, measured, up, ink.text),
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

/** What each of the given dimensions does to the spectrum, a panel with a range of its own for each, as a self-contained SVG. */
export function traversalSvg(traversal: Traversal): string {
  const { from, offsets, dimensionIndexes } = traversal;
  const axis = spectralAxis(traversal);
  const panels = dimensionIndexes.map((dimension, place) => {
    const top = frame.top + place * panelHeight;
    const within = { ...frame, top, bottom: top + panelHeight - 56 };
    const isLast = place === dimensionIndexes.length - 1;
    const steps = offsets.map((_, step) => spectrumAtStep(traversal, place, step));
    const up = scaleLinear(padded(steps.flatMap((values) => [...values])), [within.bottom, within.top]);
    const entryOf = (step: number) => ({
      name: `z${dimension + 1} = ${short((from[dimension] ?? 0) + (offsets[step] ?? 0))}`,
      colour: stepColour(step, offsets.length),
    });
    return [
      axes(axis.across, up, within, 'value', isLast ? axis.label : null, axis.isCounted),
      ...steps.map((values, step) => curve(axis, values, up, stepColour(step, offsets.length))),
      legend(namedSteps(offsets.length).map(entryOf), top),
    ].join('\n');
  });
  const some = from.length > dimensionIndexes.length ? ` (${dimensionIndexes.length} of ${from.length})` : '';
  return page(
    `What each latent dimension does to the spectrum${some}`,
    `${offsets.length} steps along one coordinate${heldWords(from)}${from.length > 1 ? '; each panel has its own range' : ''}`,
    panels.join('\n'),
    frame.top + panels.length * panelHeight + 6,
  );
}

/** The ends, and the middle where a step stands there. */
const namedSteps = (steps: number): number[] =>
  steps % 2 === 0 ? [0, steps - 1] : [0, (steps - 1) / 2, steps - 1];

function heldWords(from: readonly number[]): string {
  if (from.length === 1) return '';
  if (from.every((one) => one === 0)) return ', the others are 0';
  return `, the others stay at ${listed(from.map(short), 3)}`;
}

/** The first of them, as many as a line of text holds. */
const listed = (texts: readonly string[], most: number): string =>
  `${texts.slice(0, most).join(', ')}${texts.length > most ? ', ...' : ''}`;

/** From blue over grey to red. */
function stepColour(step: number, steps: number): string {
  const share = (2 * step) / (steps - 1) - 1;
  const [middle, end] = [[150, 150, 150], share < 0 ? [0, 90, 181] : [200, 40, 20]];
  const mixed = middle.map((grey, k) => Math.round(grey + Math.abs(share) * ((end[k] ?? 0) - grey)));
  return `rgb(${mixed.join(',')})`;
}

const short = (value: number): string => digits(value, 3);
