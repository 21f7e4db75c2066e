import { scaleLinear } from 'd3-scale';
import type { CalibrationAnswer } from '../../contract/calibration.ts';
import { decimals, escaped, place, short } from '../svgText.ts';
import { mostScatter, viewColour } from './reportInput.ts';

const size = 520;
const frame = { left: 64, right: 508, top: 14, bottom: 458 };

/**
 * Residuals (du, dv) of the first model in pixels, seen minus predicted, as HTML with an SVG: coloured by view, both axes of
 * one scale, a circle of one RMS. Of very many points every n-th of the whole.
 */
export function residualScatter({ models, views }: CalibrationAnswer): string {
  const model = models[0];
  const colours = new Map(views.map(({ name }, index) => [name, viewColour(index)]));
  const all = (model?.views ?? []).flatMap(({ name, residuals }) =>
    residuals
      .filter(([du, dv]) => Number.isFinite(du) && Number.isFinite(dv))
      .map(([du, dv]) => ({ name, du, dv })),
  );
  if (model === undefined || all.length === 0) return '<p>There are no residuals.</p>';
  const every = Math.ceil(all.length / mostScatter);
  const shown = all.filter((_, i) => i % every === 0);
  const largest = all.reduce((far, { du, dv }) => Math.max(far, Math.abs(du), Math.abs(dv)), 0);
  const limit = Math.max(largest, model.rms) * 1.05 || 1;
  const x = scaleLinear([-limit, limit], [frame.left, frame.right]);
  // dv points down, as v does in the image.
  const y = scaleLinear([-limit, limit], [frame.top, frame.bottom]);
  const side = frame.right - frame.left;
  const groups = Map.groupBy(shown, ({ name }) => name);
  const ticks = x.ticks(7);
  const middle = (frame.left + frame.right) / 2;
  const zero = place(x(0));
  const level = place(y(0));
  const radius = x(model.rms) - x(0);
  const thinned = every > 1 ? ` Every ${every}th of ${all.length} points is drawn.` : '';
  return [
    `<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size - 12}" style="max-width:${size + 100}px" role="img" aria-label="Residuals of all points">`,
    `<rect class="axis" x="${frame.left}" y="${frame.top}" width="${side}" height="${side}"/>`,
    `<path class="zero" d="M${frame.left} ${level}H${frame.right}M${zero} ${frame.top}V${frame.bottom}"/>`,
    ...ticks.map(
      (tick) =>
        `<path class="axis" d="M${place(x(tick))} ${frame.bottom}v5M${frame.left} ${place(y(tick))}h-5"/><text class="t" x="${place(x(tick))}" y="${frame.bottom + 18}" text-anchor="middle">${short(tick)}</text><text class="t" x="${frame.left - 8}" y="${place(y(tick) + 4)}" text-anchor="end">${short(tick)}</text>`,
    ),
    `<text x="${middle}" y="${frame.bottom + 38}" text-anchor="middle">du, px (right: seen too far right)</text>`,
    `<text transform="translate(14 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle">dv, px (down: seen too far down)</text>`,
    ...[...groups].map(
      ([name, points]) =>
        `<g fill="${colours.get(name) ?? 'currentColor'}" fill-opacity="0.7"><title>${escaped(name)}</title>${points
          .map(({ du, dv }) => `<circle cx="${place(x(du))}" cy="${place(y(dv))}" r="2.2"/>`)
          .join('')}</g>`,
    ),
    `<circle class="ring" cx="${zero}" cy="${level}" r="${place(radius)}"><title>1 RMS = ${decimals(model.rms, 4)} px</title></circle>`,
    `</svg><figcaption>Each point: where it was seen minus where the first model predicts it, coloured by view (see the squares at the bars). Both axes have one scale. The dashed circle is 1 RMS, ${decimals(model.rms, 4)} px. A round cloud about 0 is noise; a cloud of one colour off the middle, or a streak, is a view to look at.${thinned}</figcaption></figure>`,
  ].join('\n');
}
