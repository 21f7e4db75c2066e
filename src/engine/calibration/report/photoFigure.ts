import type {
  CalibrationAnswer,
  CalibrationPoints,
  CalibrationView,
  CalibrationViewAnswer,
  ModelViewAnswer,
} from '../../contract/calibration.ts';
import { decimals, escaped, isNumber, medianOf, place } from '../svgText.ts';
import { mostCorners, mostPhotos, type CalibrationReportInput, type ReportPicture } from './reportInput.ts';

/** Only pictures of pixels, and nothing that could leave the attribute. */
const pictureUrl = /^data:image\/(?:png|jpeg|webp|gif|bmp|avif);base64,[A-Za-z0-9+/]+=*$/;

/**
 * The factor by which residual arrows are enlarged, one for all photos: of 1, 2, 5, 10 ... 1000 the largest with which the
 * arrow of a typical view's RMS (the median) is no longer than a fortieth of the image.
 */
export function arrowFactor({ models, imageSize }: CalibrationAnswer): number {
  const typical = medianOf((models[0]?.views ?? []).map(({ rms }) => rms)) ?? 0;
  const steps = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];
  return steps.find((step) => typical * step <= Math.max(...imageSize) / 40) ?? 1;
}

/**
 * Photos with their corners in order and residual arrows of the first model, as HTML; an empty frame of the image's size
 * where there is no photo. At most 60, the rest is said.
 */
export function photoFigures({
  answer,
  points,
  pictures,
}: Pick<CalibrationReportInput, 'answer' | 'points' | 'pictures'>): string {
  const factor = arrowFactor(answer);
  const byName = new Map(answer.models[0]?.views.map((view) => [view.name, view]));
  const states = new Map(answer.views.map((view) => [view.name, view]));
  const drawable = points.views.filter(
    ({ name, image }) =>
      pictures.has(name) || image.some(([u, v]) => Number.isFinite(u ?? NaN) && Number.isFinite(v ?? NaN)),
  );
  if (drawable.length === 0) return '<p>There are neither photos nor corners to draw.</p>';
  const shown = drawable.slice(0, mostPhotos);
  const capped =
    drawable.length > shown.length
      ? `<p><b>The first ${shown.length} of ${drawable.length} views are drawn;</b> the bars and the table tell of the others.</p>`
      : '';
  const empty = shown.some(({ name }) => !pictures.has(name))
    ? ' Without its photo a view is drawn on an empty frame of the image’s size.'
    : '';
  return [
    `<p class="cap">Corners in their order: the line runs from the ringed first corner, colours from violet over green to yellow. Arrows are the residuals (seen minus predicted by the first model), <b>${factor} times enlarged</b>.${empty}</p>`,
    capped,
    `<div class="photos">`,
    ...shown.map((view) =>
      photoFigure({
        view,
        seen: byName.get(view.name),
        state: states.get(view.name),
        picture: pictures.get(view.name),
        imageSize: points.imageSize,
        factor,
      }),
    ),
    `</div>`,
  ].join('\n');
}

interface Photo {
  view: CalibrationView;
  seen: ModelViewAnswer | undefined;
  state: CalibrationViewAnswer | undefined;
  picture: ReportPicture | undefined;
  imageSize: CalibrationPoints['imageSize'];
  factor: number;
}

function photoFigure({ view, seen, state, picture, imageSize: [width, height], factor }: Photo): string {
  const corners = view.image
    .map(([u, v], i) => ({ u, v, i }))
    .filter((one): one is { u: number; v: number; i: number } => isNumber(one.u) && isNumber(one.v))
    .slice(0, mostCorners);
  const r = Math.max(width, height) / 140;
  const last = Math.max(1, view.image.length - 1);
  const still = 'vector-effect="non-scaling-stroke"';
  const line = corners.map(({ u, v }) => `${place(u)},${place(v)}`).join(' ');
  const first = corners[0];
  const arrows = corners.flatMap(({ u, v, i }) => {
    const [du, dv] = seen?.residuals[i] ?? [NaN, NaN];
    return Number.isFinite(du) && Number.isFinite(dv) ? [arrow(u, v, du * factor, dv * factor, r)] : [];
  });
  const drawn = arrows.join('');
  return [
    // The first pixel reaches from -1/2 to 1/2.
    `<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="-0.5 -0.5 ${width} ${height}" role="img" aria-label="Corners of ${escaped(view.name)}">`,
    `<rect class="frame" ${still} x="-0.5" y="-0.5" width="${width}" height="${height}"/>`,
    picture !== undefined && pictureUrl.test(picture.dataUrl)
      ? `<image x="-0.5" y="-0.5" width="${width}" height="${height}" preserveAspectRatio="none" href="${picture.dataUrl}"/>`
      : '',
    line === ''
      ? ''
      : `<polyline points="${line}" fill="none" stroke="#5fe0e2" stroke-width="1" stroke-opacity="0.85" ${still}/>`,
    ...corners.map(
      ({ u, v, i }) =>
        `<circle cx="${place(u)}" cy="${place(v)}" r="${place(r)}" fill="${ramp(i / last)}" stroke="#10131a" stroke-width="0.8" ${still}/>`,
    ),
    first === undefined
      ? ''
      : `<circle cx="${place(first.u)}" cy="${place(first.v)}" r="${place(3 * r)}" fill="none" stroke="#ff5a4d" stroke-width="2.2" ${still}/>`,
    // A dark edge below keeps the arrows readable on every photo.
    drawn === ''
      ? ''
      : `<path d="${drawn}" fill="none" stroke="#10131a" stroke-opacity="0.75" stroke-width="3.6" ${still}/><path class="arrows" d="${drawn}" fill="none" stroke="#ffb02e" stroke-width="1.7" ${still}/>`,
    `</svg><figcaption>${caption(view, state, picture, [width, height], corners.length)}</figcaption></figure>`,
  ].join('\n');
}

/** A line from the corner by (du, dv), already enlarged, with a head of at most 1.6 radii. */
function arrow(u: number, v: number, du: number, dv: number, r: number): string {
  const [x, y] = [u + du, v + dv];
  const length = Math.hypot(du, dv);
  const head = Math.min(1.6 * r, length / 2);
  const [ex, ey] = length > 0 ? [(du / length) * head, (dv / length) * head] : [0, 0];
  const left = `${place(x - ex + ey / 1.6)} ${place(y - ey - ex / 1.6)}`;
  const right = `${place(x - ex - ey / 1.6)} ${place(y - ey + ex / 1.6)}`;
  return `M${place(u)} ${place(v)}L${place(x)} ${place(y)}M${left}L${place(x)} ${place(y)}L${right}`;
}

function caption(
  { name, image }: CalibrationView,
  state: CalibrationViewAnswer | undefined,
  picture: ReportPicture | undefined,
  [width, height]: readonly [number, number],
  drawn: number,
): string {
  const figures = state?.included
    ? `RMS ${decimals(state.rms, 3)}, largest ${decimals(state.max, 3)} px`
    : `left out: ${escaped(state?.reason ?? 'no reason was given')}`;
  const count = drawn < image.length ? ` ${drawn} of ${image.length} points are drawn.` : '';
  const differs =
    picture !== undefined && (picture.width !== width || picture.height !== height)
      ? ` The photo has ${decimals(picture.width, 0)} × ${decimals(picture.height, 0)} px, not ${width} × ${height}: it is stretched to fit.`
      : '';
  return `<b>${escaped(name)}</b>: ${figures}.${count}${differs}`;
}

/** Violet over teal to yellow, for shares from 0 to 1. */
function ramp(share: number): string {
  const stops = [
    [142, 68, 214],
    [34, 168, 132],
    [253, 231, 37],
  ] as const;
  const at = Math.min(1, Math.max(0, share)) * 2;
  const [from, to] = at < 1 ? [stops[0], stops[1]] : [stops[1], stops[2]];
  const rest = at < 1 ? at : at - 1;
  return `rgb(${from.map((channel, i) => Math.round(channel + ((to[i] ?? 0) - channel) * rest)).join(' ')})`;
}
