import type { CalibrationAnswer } from '../../contract/calibration.ts';
import type { Camera } from '../camera.ts';
import { distortPoint } from '../distortion.ts';
import { decimals, place } from '../svgText.ts';

const lines = 12;
const samples = 48;

/** How the lens of the first model moves a regular grid, at true scale, as HTML with an SVG over the image. */
export function distortedGrid({ models, imageSize }: CalibrationAnswer): string {
  const model = models[0];
  if (model === undefined) return '';
  const { fx, fy, cx, cy, skew, distortion } = model;
  if (Object.values(distortion).every((value) => value === 0)) {
    return '<p>No distortion was fitted: the lens is taken to keep straight lines straight.</p>';
  }
  const camera: Camera = { fx, fy, cx, cy, skew, ...distortion };
  const [width, height] = imageSize;
  const cell = Math.max(width, height) / lines;
  const across = Math.max(1, Math.round(width / cell));
  const down = Math.max(1, Math.round(height / cell));
  let largest = 0;
  /** A line through the image from one side to the other, as the lens shows it. */
  const bent = (at: (share: number) => readonly [number, number]): string => {
    let path = '';
    let open = false;
    for (let i = 0; i <= samples; i++) {
      const ideal = at(i / samples);
      const [u, v] = distortPoint(camera, ideal);
      // Far outside the polynomial means nothing, and no picture shows it.
      const isNear = Math.abs(u - width / 2) < 2 * width && Math.abs(v - height / 2) < 2 * height;
      if (isNear) {
        path += `${open ? 'L' : 'M'}${place(u)} ${place(v)}`;
        largest = Math.max(largest, Math.hypot(u - ideal[0], v - ideal[1]));
      }
      open = isNear;
    }
    return path;
  };
  const columns = Array.from({ length: across + 1 }, (_, i) => (i / across) * width - 0.5);
  const rows = Array.from({ length: down + 1 }, (_, i) => (i / down) * height - 0.5);
  const straight = [
    ...columns.map((u) => `M${place(u)} -0.5V${height - 0.5}`),
    ...rows.map((v) => `M-0.5 ${place(v)}H${width - 0.5}`),
  ].join('');
  const seen = [
    ...columns.map((u) => bent((share) => [u, share * height - 0.5])),
    ...rows.map((v) => bent((share) => [share * width - 0.5, v])),
  ].join('');
  const r = Math.max(width, height) / 80;
  const still = 'vector-effect="non-scaling-stroke"';
  return [
    `<figure><svg xmlns="http://www.w3.org/2000/svg" viewBox="${place(-0.04 * width)} ${place(-0.04 * height)} ${place(1.08 * width)} ${place(1.08 * height)}" style="max-width:620px" role="img" aria-label="A regular grid as the lens shows it">`,
    `<path class="ideal" ${still} d="${straight}"/>`,
    `<path class="bent" ${still} d="${seen}"/>`,
    `<path class="centre" ${still} d="M${place(cx - r)} ${place(cy)}h${place(2 * r)}M${place(cx)} ${place(cy - r)}v${place(2 * r)}"/>`,
    `</svg><figcaption>Dashed: a regular grid seen by K alone, over the image. Lines: the same grid as this lens shows it, at true scale; it moves by up to ${decimals(largest, 1)} px. The cross is the principal point. Where no corners were seen the drawing only continues the formula.</figcaption></figure>`,
  ].join('\n');
}
