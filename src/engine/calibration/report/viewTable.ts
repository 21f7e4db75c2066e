import type { CalibrationAnswer } from '../../contract/calibration.ts';
import { decimals, escaped, short } from '../svgText.ts';
import { mostRows } from './reportInput.ts';

const degrees = 180 / Math.PI;

/** Every view's misfit and the board's pose by the first model, as HTML; of thousands the first 500. */
export function viewTable({ views, models, translationUnit }: CalibrationAnswer): string {
  const poses = new Map(models[0]?.views.map((view) => [view.name, view]));
  const unit = translationUnit === 'mm' ? 'mm' : 'board units';
  const rows = views.slice(0, mostRows).map(({ name, rms, max, points, included }) => {
    const pose = included ? poses.get(name) : undefined;
    const rotation = [0, 1, 2].map((axis) => decimals((pose?.rotation[axis] ?? NaN) * degrees, 2));
    const translation = [0, 1, 2].map((axis) => short(pose?.translation[axis], 5));
    const angle = pose === undefined ? null : Math.hypot(...pose.rotation) * degrees;
    const numbers = [
      decimals(rms, 4),
      decimals(max, 4),
      String(points),
      ...rotation,
      decimals(angle, 2),
      ...translation,
    ];
    return `<tr><td class="name">${escaped(name)}${included ? '' : ' (left out)'}</td>${numbers.map((text) => `<td class="n">${text}</td>`).join('')}</tr>`;
  });
  const capped =
    views.length > mostRows
      ? `<p>The first ${mostRows} of ${views.length} views; the answer as JSON holds all.</p>`
      : '';
  const heads = ['RMS, px', 'max, px', 'points', 'rx, °', 'ry, °', 'rz, °', 'angle, °', 'tx', 'ty', 'tz'];
  return [
    `<p class="cap">Rotation vector of the board (axis times angle) in degrees, translation in ${unit}: camera = R board + t, by the first model. The camera looks along z, x goes right and y down.</p>`,
    capped,
    `<div class="scroll"><table class="full"><thead><tr><th>view</th>${heads.map((head) => `<th class="n">${head}${head.startsWith('t') && head.length === 2 ? `, ${translationUnit === 'mm' ? 'mm' : 'board'}` : ''}</th>`).join('')}</tr></thead><tbody>`,
    ...rows,
    `</tbody></table></div>`,
  ].join('\n');
}
