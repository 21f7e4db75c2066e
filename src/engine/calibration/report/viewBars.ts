import { scaleLinear } from 'd3-scale';
import type { CalibrationAnswer, CalibrationViewAnswer } from '../../contract/calibration.ts';
import { decimals, escaped, isNumber, medianOf, place, short } from '../svgText.ts';
import { mostBars, viewColour } from './reportInput.ts';

const rowHeight = 20;
const top = 40;
const names = { left: 18, right: 216 };
const panels = { rms: [228, 560], max: [660, 992] } as const;
const width = 1090;

/** A bar's view and its index in the answer, from 0. */
interface Bar {
  view: CalibrationViewAnswer;
  index: number;
  rms: number;
  max: number;
}

/**
 * Bars of RMS and largest distance per view in pixels, each with a line at the median of the included views, as SVG in the
 * order given; of very many views the worst. Then the views left out with their reasons. HTML.
 */
export function viewBars({ views }: CalibrationAnswer): string {
  const all = views.flatMap((view, index): Bar[] =>
    view.included && isNumber(view.rms) && isNumber(view.max)
      ? [{ view, index, rms: view.rms, max: view.max }]
      : [],
  );
  if (all.length === 0) return `<p>No view took part in the fit.</p>${leftOut(views)}`;
  const worst = [...all].sort((a, b) => b.rms - a.rms).slice(0, mostBars);
  const shown = all.length > mostBars ? worst.sort((a, b) => a.index - b.index) : all;
  const height = top + shown.length * rowHeight + 30;
  const bottom = top + shown.length * rowHeight;
  const panel = (key: 'rms' | 'max', title: string): string => {
    const [left, right] = panels[key];
    const values = all.map((bar) => bar[key]);
    const x = scaleLinear([0, values.reduce((a, b) => Math.max(a, b), 0) || 1], [left, right]);
    const median = medianOf(values) ?? 0;
    return [
      `<text x="${left}" y="14" font-weight="600">${title}</text>`,
      ...x
        .ticks(5)
        .map(
          (tick) =>
            `<line class="axis" x1="${place(x(tick))}" x2="${place(x(tick))}" y1="${top - 4}" y2="${bottom}"/><text class="t" x="${place(x(tick))}" y="${bottom + 16}" text-anchor="middle">${short(tick)}</text>`,
        ),
      ...shown.map(
        (bar, row) =>
          `<rect class="${key}" x="${left}" y="${top + row * rowHeight + 3}" width="${place(x(bar[key]) - left)}" height="${rowHeight - 6}"><title>${escaped(bar.view.name)}: ${title} ${decimals(bar[key], 4)}</title></rect><text class="over" x="${place(x(bar[key]) + 6)}" y="${top + row * rowHeight + 14}">${decimals(bar[key], 3)}</text>`,
      ),
      `<line class="median" x1="${place(x(median))}" x2="${place(x(median))}" y1="${top - 6}" y2="${bottom}"/>`,
      `<text class="t" x="${place(x(median))}" y="${top - 10}">median ${decimals(median, 3)}</text>`,
    ].join('\n');
  };
  const capped =
    shown.length < all.length
      ? ` Of ${all.length} views the ${shown.length} with the largest RMS are shown, in the order given; the medians are of all.`
      : '';
  return [
    `<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" style="max-width:${width}px" role="img" aria-label="RMS and largest distance of each view">`,
    panel('rms', 'RMS, px'),
    panel('max', 'largest distance, px'),
    ...shown.map(
      ({ view, index }, row) =>
        `<rect x="2" y="${top + row * rowHeight + 5}" width="10" height="10" fill="${viewColour(index)}"/><text x="${names.left}" y="${top + row * rowHeight + 14}">${escaped(cut(view.name))}<title>${escaped(view.name)}</title></text>`,
    ),
    `</svg><figcaption>Distance between seen and predicted points, first model. The two panels have scales of their own. The squares are the colours of the views in the residual scatter.${capped}</figcaption></figure>`,
    leftOut(views),
  ].join('\n');
}

function leftOut(views: readonly CalibrationViewAnswer[]): string {
  const out = views.filter(({ included }) => !included);
  if (out.length === 0) return '<p class="dim">No view was left out.</p>';
  const more = out.length > mostBars ? `<li>and ${out.length - mostBars} more</li>` : '';
  const items = out
    .slice(0, mostBars)
    .map(
      ({ name, reason }) => `<li><b>${escaped(name)}</b>: ${escaped(reason ?? 'no reason was given')}</li>`,
    );
  return `<h3>Left out: ${out.length} of ${views.length} views</h3><ul>${items.join('')}${more}</ul>`;
}

/** A name that fits its column: the end tells photos of one series apart. */
function cut(name: string): string {
  const letters = [...name];
  return letters.length > 30 ? `${letters.slice(0, 10).join('')}…${letters.slice(-19).join('')}` : name;
}
