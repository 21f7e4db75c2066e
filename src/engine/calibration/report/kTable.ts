import {
  distortionNames,
  type CalibrationModel,
  type FocalMm,
  type FieldOfView,
} from '../../contract/calibration.ts';
import { decimals, isNumber, short, withDeviation } from '../svgText.ts';

/** Why K holds two focal values though a lens has one f, as HTML. */
export const whyTwo = [
  '<p>K takes a direction in front of the camera to a pixel: <code>u = fx X/Z + s Y/Z + cx</code>, <code>v = fy Y/Z + cy</code>.',
  'The lens has one focal length f, in millimetres. K counts pixels, and a sensor may hold another number of pixels a millimetre',
  'along x (mx) than along y (my): <code>fx = f mx</code>, <code>fy = f my</code>. Photos alone show the products, never f, mx and my apart.',
  'With square pixels mx = my, and fx and fy differ by noise only. “±” is one standard deviation, from the misfit of the points.</p>',
].join('\n');

/** K of a model explained term by term, its distortion, RMS and field of view, as HTML. */
export function modelTable(model: CalibrationModel): string {
  const { focal, fx, fy, cx, cy, skew, sd, fMmAxes, K } = model;
  const density = isNumber(fMmAxes?.x.value)
    ? ([fx / fMmAxes.x.value, fy / fMmAxes.y.value] as const)
    : undefined;
  const [mx, my] = density ?? [];
  const ratio = fx / fy;
  const product = (m: number | undefined, name: string, f: FocalMm | undefined): string =>
    m === undefined || f === undefined
      ? `f ${name}: focal length times pixels a millimetre along ${name === 'mx' ? 'x' : 'y'}`
      : `f ${name} = ${short(f.value)} mm × ${short(m)} px/mm`;
  const rows = [
    term('fx', fx, sd['fx'], 'px', product(mx, 'mx', fMmAxes?.x)),
    term('fy', fy, sd['fy'], 'px', product(my, 'my', fMmAxes?.y)),
    term('cx', cx, sd['cx'], 'px', 'principal point: where the optical axis meets the image, from the left'),
    term('cy', cy, sd['cy'], 'px', 'and from the top; the centre of the first pixel is at 0'),
    term(
      's',
      skew,
      sd['skew'],
      'px',
      sd['skew'] === undefined ? 'skew, held: rows and columns at right angles' : 'skew of the pixel axes',
    ),
    ...millimetres(model),
    ...distortionNames.map((name) =>
      term(name, model.distortion[name], sd[name], '', distortionMeaning[name]),
    ),
  ];
  const about =
    focal === 'free'
      ? `fx and fy are two unknowns; fx / fy = ${short(ratio)}.`
      : `One unknown f; fx / fy is held at mx / my = ${short(ratio)}${density === undefined ? ' (no density was given)' : ''}.`;
  return [
    `<section class="model"><h3>${focal === 'free' ? 'Two focal lengths' : 'One focal length'}</h3>`,
    `<p>${about}</p>`,
    `<table class="k" aria-label="K in pixels">${K.map((row) => `<tr>${row.map((entry) => `<td>${entry === 0 || entry === 1 ? entry : decimals(entry, 3)}</td>`).join('')}</tr>`).join('')}</table>`,
    `<div class="scroll"><table class="full"><thead><tr><th>term</th><th class="n">value</th><th class="n">± sd</th><th>unit</th><th>what it is</th></tr></thead><tbody>`,
    ...rows,
    `</tbody></table></div>`,
    `<p style="margin-top:12px"><b>RMS ${decimals(model.rms, 4)} px</b> (root of the mean squared distance between seen and predicted points; ${model.residualCount / 2} points, ${model.parameterCount} fitted numbers).</p>`,
    `<p>Field of view ${angles(model.fieldOfViewDeg)}, without distortion.</p>`,
    `</section>`,
  ].join('\n');
}

const distortionMeaning = {
  k1: 'radial, times r² (r: distance from the axis at Z = 1)',
  k2: 'radial, times r⁴',
  p1: 'tangential, mostly along y',
  p2: 'tangential, mostly along x',
  k3: 'radial, times r⁶',
} as const;

/** A row; what was not fitted says so. */
function term(name: string, value: number, sd: number | undefined, unit: string, meaning: string): string {
  const both = withDeviation(value, sd);
  return `<tr><td><code>${name}</code></td><td class="n">${both.value}</td><td class="n">${both.sd ?? (sd === undefined ? 'held' : short(sd))}</td><td>${unit}</td><td>${meaning}</td></tr>`;
}

/** f in mm: the one, or that of both axes with their mean. */
function millimetres({ focal, fMm, fMmAxes, sd }: CalibrationModel): string[] {
  if (fMm === undefined || fMmAxes === undefined) return [];
  if (focal === 'single') return [term('f', fMm, sd['fMm'], 'mm', 'the one focal length: fx / mx = fy / my')];
  return [
    term('f (x)', fMmAxes.x.value, fMmAxes.x.sd, 'mm', 'fx / mx'),
    term('f (y)', fMmAxes.y.value, fMmAxes.y.sd, 'mm', 'fy / my'),
    term('f', fMm, sd['fMm'], 'mm', 'mean of both'),
  ];
}

const angles = ({ horizontal, vertical, diagonal }: FieldOfView): string =>
  `${decimals(horizontal, 2)}° × ${decimals(vertical, 2)}°, diagonal ${decimals(diagonal, 2)}°`;
